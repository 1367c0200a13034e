import { beginDisconnect, beginPass, beginPost, beginSignIn } from './tasks.js';
import {
  end,
  endLateCalls,
  kill,
  passTime,
  pick,
  restart,
  wrongEnding,
  type Ending,
  type Play,
} from './play.js';
import { accounts, atStore, forge, press } from './world.js';

/** What may happen, and how often beside the others. */
const events: readonly (readonly [
  weight: number,
  event: (play: Play, at: string) => Promise<unknown>,
])[] = [
  [4, pressButton],
  [
    8,
    (play, at) =>
      beginSignIn(play, at, pick(play.world, [accounts[0], accounts[0], accounts[0], accounts[1]])),
  ],
  [4, (play, at) => beginPass(play, at)],
  [2.5, (play, at) => beginDisconnect(play, at)],
  [2, (play, at) => beginPost(play, at, forge(play.world), 'a forged POST')],
  [1, repeatPost],
  [2, (play, at) => kill(play, at)],
  [4, (play) => passTime(play, pick(play.world, [1, 10, 61, 61, 61, 61, 301, 1000]))],
  [0.3, (play) => passTime(play, 7200)],
  [1, (play) => endLateCalls(play)],
  [0.15, deleteIntegration],
];

/** Walks so many events, each at one of the two processes, each followed by some or all of what it leads to. */
export async function walk(play: Play, length: number): Promise<void> {
  const { world } = play;
  const faultRate = pick(world, [0, 0.05, 0.15]);
  await open(play);
  for (let left = length; left > 0; left -= 1) {
    const at = pick(world, ['A', 'B']);
    restart(play, at);
    await happens(play, at);
    if (world.random() < 0.5) {
      await goOn(play, Math.floor(world.random() * 20), faultRate);
      stallOrWake(play);
    }
    if (world.random() < 0.7) await goOn(play, 400, faultRate);
  }
  play.stalled = undefined;
}

/**
 * How a walk begins: newly activated, holding a request token, connected, or in the middle of the next exchange of a connected
 * store, perhaps with that disconnected and activated anew.
 */
async function open(play: Play): Promise<void> {
  const { world } = play;
  const kind = pick(world, [
    'activated',
    'holding',
    'connected',
    'in the middle',
    'disconnected',
  ] as const);
  await pressButton(play, 'A');
  if (kind === 'activated') return;
  await beginSignIn(play, 'A', accounts[0]);
  await goOn(play, 400, 0, kind === 'holding' ? 'status-503' : 'done');
  if (kind === 'holding' || kind === 'connected') return;
  await pressButton(play, 'B');
  await goOn(play, 400, 0);
  const signIn = await beginSignIn(play, 'B', accounts[0]);
  await goOn(play, 8 + Math.floor(world.random() * 20), 0);
  play.stalled = signIn;
  world.story.push('B sign-in stands still');
  if (kind === 'in the middle') return;
  await beginDisconnect(play, 'A');
  await goOn(play, 400, 0);
  await pressButton(play, 'A');
  await goOn(play, 400, 0);
}

/** Takes one task's time away while the others go on, or gives it back. */
function stallOrWake(play: Play): void {
  const { world } = play;
  if (play.stalled && world.random() < 0.7) return;
  play.stalled = play.tasks.length > 0 ? pick(world, play.tasks).task : undefined;
  if (play.stalled) world.story.push(`${play.stalled.life.name} ${play.stalled.kind} stands still`);
}

async function happens(play: Play, at: string): Promise<void> {
  const total = events.reduce((sum, [weight]) => sum + weight, 0);
  let left = play.world.random() * total;
  for (const [weight, event] of events) {
    left -= weight;
    if (left > 0) continue;
    await event(play, at);
    return;
  }
}

/**
 * Lets so many effects happen, in any order, a part of them going wrong. Who looks on at another's exchange would look for
 * half a minute: after some looks it is left for later.
 */
export async function goOn(
  play: Play,
  most: number,
  faultRate: number,
  accessEnding: Ending = 'done',
): Promise<void> {
  const { world } = play;
  let looks = 0;
  for (let left = most; left > 0; left -= 1) {
    const held = world.steps.next().filter(({ task }) => task !== play.stalled);
    const now = held.filter(({ kind, what }) => kind !== 'wait' || what === '0 ms');
    if (held.length === 0) return;
    if (now.length === 0 && (looks += 1) > 8) return;
    const effect = pick(world, now.length > 0 ? now : held);
    // Calls are few beside commands.
    const rate = effect.kind === 'call' ? 3 * faultRate : faultRate;
    const usual = effect.kind === 'call' && effect.what === 'access' ? accessEnding : 'done';
    await end(play, effect, world.random() < rate ? wrongEnding(world, effect) : usual);
  }
}

/** Lets everything come to its end, with nothing going wrong. */
export async function untilNothingMoves(play: Play): Promise<void> {
  for (let left = 5_000; left > 0; left -= 1) {
    const held = play.world.steps.next();
    if (held.length === 0) return;
    const now = held.filter(({ kind, what }) => kind !== 'wait' || what === '0 ms');
    await end(play, pick(play.world, now.length > 0 ? now : held), 'done');
  }
  throw new Error('something goes on and on');
}

async function pressButton(play: Play, at: string): Promise<void> {
  // Who sees that it is active has little reason to click again.
  if (atStore(play.world)?.status === 'active' && play.world.random() < 0.5) return;
  const post = await press(play.world);
  if (!post || play.world.random() < 0.1) return;
  await beginPost(play, at, post, 'the POST');
}

async function repeatPost(play: Play, at: string): Promise<void> {
  if (play.world.posts.length === 0) return;
  await beginPost(play, at, pick(play.world, play.world.posts), 'an old POST again');
}

function deleteIntegration({ world }: Play): Promise<void> {
  const integration = atStore(world);
  if (integration) world.store.remove(integration.id);
  world.story.push('store: the integration is deleted');
  return Promise.resolve();
}
