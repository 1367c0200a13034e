import { AppError } from '../../../src/errors.js';
import type { CallFault } from '../../../src/sample-store/faults/faults.js';
import { activationKeys } from '../../../src/activation/sealed-activations.js';
import { newInstance } from './instance.js';
import { newLaws, type Laws } from './laws.js';
import type { Effect, Task } from './steps.js';
import { atStore, type World } from './world.js';

/** A walk under way: the world, the laws that watch it, and the tasks that have not ended. */
export interface Play {
  readonly world: World;
  laws: Laws;
  tasks: { readonly task: Task; readonly begunAt: number }[];
  /** One that stands still, as in a process that gets no time. */
  stalled: Task | undefined;
  /** When Redis forgets the activation, by the walk's clock. */
  expiresAt: number | undefined;
}

export function newPlay(world: World): Play {
  return { world, laws: newLaws(world), tasks: [], stalled: undefined, expiresAt: undefined };
}

/** How an effect ends. */
export type Ending =
  | 'done'
  | 'lost' // done, and its answer lost
  | 'refused' // not done
  | 'late' // its caller gives up on it, and it is done afterwards
  | 'crash before'
  | 'crash after'
  | 'status-503'
  | 'html-200';

/** The endings that the store itself can play. */
const storeFaults: Partial<Record<Ending, CallFault['do']>> = {
  refused: 'drop-before',
  lost: 'drop-after',
  'status-503': 'status-503',
  'html-200': 'html-200',
};

/** The ways in which each kind can go wrong. */
const endings: Readonly<Record<Effect['kind'], readonly Ending[]>> = {
  read: ['refused', 'crash before'],
  write: ['refused', 'lost', 'crash before', 'crash after'],
  call: [
    'refused',
    'lost',
    'lost',
    'late',
    'crash before',
    'crash after',
    'status-503',
    'html-200',
  ],
  file: ['crash before', 'crash after'],
  wait: ['crash before'],
};

/** One of the ways in which this effect can go wrong. */
export function wrongEnding(world: World, { kind }: Effect): Ending {
  return pick(world, endings[kind]);
}

export function pick<T>({ random }: Pick<World, 'random'>, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!;
}

/** Lets an effect end in this way, and everything that follows from it go on to its next effect. */
export async function end(play: Play, effect: Effect, ending: Ending): Promise<void> {
  const { world, laws } = play;
  const { task, kind, what } = effect;
  world.story.push(
    `  ${task.life.name} ${task.kind}: ${kind} ${what}${ending === 'done' ? '' : ` → ${ending}`}`,
  );
  if (kind === 'call' && !effect.isUnderWay) {
    effect.isUnderWay = true;
    laws.beforeCall(effect);
    if (ending === 'done') return;
  }
  world.steps.take(effect);
  world.clock.advance(kind === 'wait' ? Number.parseInt(what) / 1000 : 0.003);
  if (ending === 'crash before') {
    await kill(play, task.life.name, task);
    return;
  }
  await settleEffect(play, effect, ending);
  await laws.afterEffect(effect);
  if (kind === 'write') await noteLife(play);
  if (ending === 'crash after') await kill(play, task.life.name);
  await world.steps.settle();
  afterTasks(play);
}

async function settleEffect(play: Play, effect: Effect, ending: Ending): Promise<void> {
  if (effect.kind === 'call') {
    await settleCall(play, effect, ending);
    return;
  }
  if (ending === 'refused' || ending === 'lost') {
    if (ending === 'lost') await effect.run();
    // What does not arrive is lost with the connection, and with it what was sent after it.
    const lost = ending === 'lost' ? [] : sentBy(play.world, effect.task);
    effect.task.metRedisFault = true;
    for (const one of [effect, ...lost]) {
      play.world.steps.take(one);
      one.reject(new Error('Command timed out'));
    }
    return;
  }
  const result = await outcomeOf(effect.run());
  if (ending !== 'crash after') deliver(effect, result);
}

/** The commands that a task has sent to Redis and that have not been answered. */
function sentBy({ steps }: World, task: Task): Effect[] {
  return steps.held().filter((effect) => effect.task === task && isCommand(effect));
}

function isCommand({ kind }: Effect): boolean {
  return kind === 'read' || kind === 'write';
}

async function settleCall({ world, laws }: Play, effect: Effect, ending: Ending): Promise<void> {
  const firstToken = atStore(world)?.tokens[0]?.token;
  if (ending === 'late') {
    const late = { what: effect.what, run: effect.run };
    world.late.push(late);
    laws.afterCall(effect, firstToken, false);
    if (effect.what === 'access') laws.leftAlone(effect, late);
    effect.reject(new AppError('store_timeout', 'the model waits no longer'));
    return;
  }
  const wrong = storeFaults[ending];
  const at = effect.what as CallFault['at'];
  world.store.setFaults(wrong ? [{ at, do: wrong, times: 1 } as CallFault] : []);
  const result = await outcomeOf(effect.run());
  world.store.setFaults([]);
  laws.afterCall(effect, firstToken, ending === 'done');
  if (ending !== 'crash after') deliver(effect, result);
}

type Result = { readonly value: unknown } | { readonly error: unknown };

function outcomeOf(work: Promise<unknown>): Promise<Result> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

function deliver(effect: Effect, result: Result): void {
  if ('error' in result) effect.reject(result.error);
  else effect.resolve(result.value as never);
}

/** Ends a process as SIGKILL does: of what its tasks have just sent the first part may arrive, but for that of `silent`. */
export async function kill(play: Play, name: string, silent?: Task): Promise<void> {
  const { world, laws } = play;
  const instance = world.instances.get(name)!;
  const own = world.steps.held().filter(({ task }) => task.life === instance.life);
  const sent = own.filter(({ kind }) => kind === 'write');
  instance.life.isDead = true;
  world.story.push(`${name} dies`);
  for (const call of own.filter(({ isUnderWay }) => isUnderWay)) {
    const late = { what: call.what, run: call.run };
    laws.leftAlone(call, late);
    // Some never reach the store; it is at the others until it is done.
    if (world.random() < 0.5) world.late.push(late);
    else laws.lateCallEnded(late);
  }
  const cutOff = new Set([silent]);
  for (const effect of sent) {
    if (cutOff.has(effect.task) || world.random() < 0.5) {
      cutOff.add(effect.task);
      continue;
    }
    world.story.push(`  ${name}: ${effect.what} arrives`);
    await outcomeOf(effect.run());
    await laws.afterEffect(effect);
    await noteLife(play);
  }
  play.tasks = play.tasks.filter(({ task }) => task.life !== instance.life);
}

/** Starts a process anew where one has died, with the folder that it left. */
export function restart({ world }: Play, name: string): void {
  const { life, spoolFolder } = world.instances.get(name)!;
  if (!life.isDead) return;
  world.story.push(`${name} starts`);
  world.instances.set(name, newInstance(world, name, spoolFolder));
}

function afterTasks(play: Play): void {
  const over = play.tasks.filter(({ task }) => task.outcome !== undefined);
  play.tasks = play.tasks.filter(({ task }) => task.outcome === undefined);
  for (const { task, begunAt } of over) {
    play.world.story.push(`${task.life.name} ${task.kind} ended: ${task.outcome ?? ''}`);
    play.laws.afterTask(task, begunAt);
  }
}

/** Redis counts a record's life by its own clock; here the walk's clock counts. */
async function noteLife(play: Play): Promise<void> {
  const { world } = play;
  const key = keyOf(world);
  const lifeMs = await world.redis.pttl(key);
  if (lifeMs < 0) return;
  play.expiresAt = world.now().getTime() + lifeMs;
  await world.redis.persist(key);
}

/** Lets time pass: calls that nobody waits for any more are over in half a minute, and Redis forgets what is due. */
export async function passTime(play: Play, seconds: number): Promise<void> {
  const { world, laws } = play;
  world.story.push(`${seconds} s pass`);
  if (seconds >= 30) await endLateCalls(play);
  world.clock.advance(seconds);
  if (play.expiresAt === undefined || play.expiresAt > world.now().getTime()) return;
  play.expiresAt = undefined;
  await world.redis.del(keyOf(world));
  world.story.push('Redis forgets the activation');
  laws.forgotten();
}

/** The store ends the calls whose callers have left. */
export async function endLateCalls({ world, laws }: Play): Promise<void> {
  for (const late of world.late.splice(0)) {
    world.story.push(`store: the late ${late.what} call is done`);
    await outcomeOf(late.run());
    laws.lateCallEnded(late);
  }
}

function keyOf({ prefix, integration }: World): string {
  return `${activationKeys(prefix)}{${integration.consumerKey}}`;
}
