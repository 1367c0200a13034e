import { newLaws } from './laws.js';
import { passTime, type Play } from './play.js';
import { beginPass, beginPost, beginSignIn } from './tasks.js';
import { untilNothingMoves } from './walk.js';
import { accounts, atStore, newIntegration, press, recordsOf } from './world.js';

/** Codes whose page, in `README.md`, sends the merchant to the button of his grid: Activate, or Reauthorize if active. */
const pressTheButton = new Set([
  'activation_unknown',
  'activation_expired',
  'consumer_key_expired',
  'already_granted',
  'grant_lost',
  'credential_refused',
  'verifier_missing',
  'verifier_refused',
  'token_refused',
  'signature_refused',
  'store_ambiguous',
  'disconnected',
  'another store is named',
  // Of a forged POST: at its own address the store answers, and the next POST names that.
  'store_not_found',
]);

/** Codes whose page says: Reauthorize if active, else delete the integration and create it again. */
const createAnew = new Set(['verifier_spent', 'request_token_shadowed', 'consumer_key_unknown']);

/** Codes whose page says to sign in again, at once or after a minute. */
const tryAgain = new Set([
  'exchange_under_way',
  'store_no_reply',
  'store_timeout',
  'store_unavailable',
  'store_reply_unreadable',
]);

/** A merchant does what each page tells him needs no more turns than these. */
const mostTurns = 8;

/**
 * Does what the app tells the merchant to do until the store is connected, with nothing going wrong on the way. Answers what the
 * merchant was told. @throws when that leads nowhere, or costs an integration that could have been connected.
 */
export async function endFairly(play: Play): Promise<string[]> {
  const told: string[] = [];
  let account = 0;
  const isConnected = await opens(play);
  while (told.length < mostTurns) {
    const task = await beginSignIn(play, 'A', accounts[account]!);
    await untilNothingMoves(play);
    const outcome = task.outcome ?? 'nothing';
    told.push(outcome);
    if (outcome === 'connected' && (await opens(play))) return told;
    const isRefused = outcome !== 'account_not_allowed' && outcome !== 'exchange_under_way';
    if (isConnected && isRefused) throw new Error(`a credential that works, and ${outcome}`);
    if (outcome === 'account_not_allowed') account = 1 - account;
    else if (tryAgain.has(outcome)) await waitAMinute(play);
    else if (createAnew.has(outcome) && atStore(play.world)?.status !== 'active')
      recreate(play, told);
    else if (pressTheButton.has(outcome) || createAnew.has(outcome) || outcome === 'connected') {
      await pressAndPost(play, told);
    } else throw new Error(`no remedy is known for ${outcome}`);
  }
  throw new Error(`the remedies lead nowhere: ${told.join(', ')}`);
}

async function opens({ world, laws }: Play): Promise<boolean> {
  const { credential } = await recordsOf(world);
  const row = atStore(world)?.tokens[0];
  return row?.type === 'access' && row.token === laws.tokenOf(credential);
}

async function waitAMinute(play: Play): Promise<void> {
  await passTime(play, 61);
  await beginPass(play, 'B');
  await untilNothingMoves(play);
}

/** The merchant's button, or a new integration where the store has no such integration any more. */
async function pressAndPost(play: Play, told: string[]): Promise<void> {
  const post = await press(play.world);
  if (!post) {
    recreate(play, told);
    return;
  }
  await beginPost(play, 'B', post, 'the POST');
  await untilNothingMoves(play);
}

/** The way out that costs the integration: only where the store has jammed, and we do not hold what would free it. */
function recreate(play: Play, told: string[]): void {
  const { world } = play;
  const integration = atStore(world);
  if (integration) {
    if (integration.tokens[0]?.type !== 'request')
      throw new Error('an integration thrown away that was not jammed');
    world.store.remove(integration.id);
  }
  world.story.push('store: the integration is created again');
  told.push('(created again)');
  world.integration = newIntegration(world);
  world.posts.length = 0;
  play.expiresAt = undefined;
  play.laws = newLaws(world);
}
