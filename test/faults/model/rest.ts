import { leaseOf } from '../../../src/activation/activation.js';
import { passTime, restart, endLateCalls, type Play } from './play.js';
import { beginPass } from './tasks.js';
import { goOn, untilNothingMoves } from './walk.js';
import { atStore, recordsOf } from './world.js';

/** The states that tell the merchant, or the operator, that something has to be done. */
const diagnoses = new Set([
  'needs-reauthorize',
  'needs-recreate',
  'failed',
  'disconnected',
  'authorized',
]);

/** Lets everything come to rest: all processes live, nothing goes wrong, leases run out and passes go over them. */
export async function comeToRest(play: Play): Promise<void> {
  const { world } = play;
  for (const name of world.instances.keys()) restart(play, name);
  await goOn(play, 5_000, 0);
  await endLateCalls(play);
  for (const seconds of [61, 61, 3_600, 3_600]) {
    await passTime(play, seconds);
    for (const name of world.instances.keys()) await beginPass(play, name);
    await goOn(play, 5_000, 0);
    const { activation } = await recordsOf(world);
    if (!activation || !leaseOf(activation)) break;
  }
  await untilNothingMoves(play);
}

/** The pair of records at rest, ours and the store's: throws where it may not be. */
export async function judgeRest(play: Play): Promise<string> {
  const { world, laws } = play;
  const { activation, credential } = await recordsOf(world);
  const integration = atStore(world);
  const row = integration?.tokens[0];
  const token = laws.tokenOf(credential);
  const isOpen = row?.type === 'access' && row.token === token;
  const state = activation?.state ?? 'none';
  const held = activation && laws.openHeld(activation);
  const pair = `${state}${held === undefined ? '' : '+token'}${credential ? (isOpen ? '+open' : '+dead') : ''} | ${
    integration
      ? `${integration.status} ${integration.tokens.map(({ type }) => type).join(',')}`
      : 'deleted'
  }`;
  const not = (sentence: string) => new Error(`at rest: ${sentence} (${pair})`);
  if (activation && leaseOf(activation)) throw not('a lease that nobody looks after');
  if (token !== undefined && !isOpen && integration && !world.killed.has(token))
    throw not('a credential that never was the last');
  if (activation?.state === 'connected' && !credential) throw not('connected without a credential');
  const given = row && laws.given.get(row.token);
  if (row?.type === 'access' && !isOpen) {
    const isNamed = diagnoses.has(state) || laws.postedAt() > (given?.announced.at ?? 0);
    if (!isNamed) throw not('access that was granted and is not missed');
  }
  if (given?.isDelivered && !given.task.life.isDead && given.announced.at > laws.disconnectedAt()) {
    const isKept = given.kind === 'access' ? isOpen : held === given.token;
    if (!isKept) throw not(`a ${given.kind} token that had arrived is gone`);
  }
  return pair;
}
