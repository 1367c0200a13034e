import { setTimeout as pause } from 'node:timers/promises';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import type { TestRedis } from '../support/start-redis.js';
import { effectAtStore, effectOnRecords } from './effects.js';
import { judge, type Judgement } from './oracle.js';
import { newRig, openForm, type App, type Rig } from './rig.js';
import type { Verdict } from './tcp-proxy.js';

/** A moment in the life of a lasting effect: its message has left the app, or its answer is about to arrive. */
export type Side = 'sent' | 'answered';

/** Where to kill: before the effect comes to pass, or when it has and the app does not know. */
export interface CrashPoint {
  readonly effect: string;
  /** Counts effects of the same name, from 1. */
  readonly time: number;
  readonly side: Side;
}

/** An exchange about to begin. */
interface Stage {
  readonly rig: Rig;
  readonly victim: App;
  /** Another instance that lives on, where there is one. */
  readonly survivor: App | undefined;
  readonly integration: Integration;
  readonly popupUrl: string;
  readonly timeline: readonly string[];
  /** Adds a line to the timeline. */
  note(this: void, line: string): void;
  /** Sends the form; whatever comes of that is told by the records. */
  begin(this: void): Promise<void>;
}

/** What happened, with everything that is needed to understand it. */
export interface Case extends Judgement {
  readonly point: string;
  readonly timeline: readonly string[];
}

/** Has `decide` look at every effect of an exchange in their order, whichever of the two wires it takes. */
export function watchEffects(
  { toRedis, toStore }: Rig,
  consumerKey: string,
  decide: (effect: string, time: number, side: Side) => Verdict | Promise<Verdict>,
): void {
  const known = new Map<Buffer, { effect: string; time: number }>();
  const sent = (nameOf: (message: Buffer) => string | undefined) => (message: Buffer) => {
    const effect = nameOf(message);
    if (effect === undefined) return 'pass' as const;
    const time = 1 + [...known.values()].filter((other) => other.effect === effect).length;
    known.set(message, { effect, time });
    return decide(effect, time, 'sent');
  };
  const answered = (message: Buffer) => {
    const of = known.get(message);
    return of ? decide(of.effect, of.time, 'answered') : ('pass' as const);
  };
  Object.assign(toRedis, {
    onRequest: sent((message) => effectOnRecords(message, consumerKey)),
    onReply: answered,
  });
  Object.assign(toStore, { onRequest: sent(effectAtStore), onReply: answered });
}

/** Ends the watching; the wires are plain again. */
export function unwatch({ toRedis, toStore }: Rig): void {
  const plain = { onRequest: () => 'pass' as const, onReply: () => 'pass' as const };
  Object.assign(toRedis, plain);
  Object.assign(toStore, plain);
}

/** An app with one popup open, up to the moment before the form is sent. */
export async function setStage(
  redis: TestRedis,
  changes?: NodeJS.ProcessEnv,
  instances: 1 | 2 = 1,
): Promise<Stage> {
  const rig = await newRig(redis, changes);
  const victim = await rig.start({}, 'file');
  const survivor = instances === 2 ? await rig.start({}, 'file') : undefined;
  const integration = rig.integrate(survivor ?? victim);
  const popupUrl = await rig.activate(integration);
  const { send } = await openForm(victim, popupUrl);
  const begun = performance.now();
  const timeline: string[] = [];
  const note = (line: string) => {
    timeline.push(`${Math.round(performance.now() - begun)} ms  ${line}`);
  };
  return {
    rig,
    victim,
    survivor,
    integration,
    popupUrl,
    timeline,
    note,
    begin: async () => {
      await send().then(
        ({ status }) => {
          note(`the form is answered with ${status}`);
        },
        () => {
          note('the form is not answered');
        },
      );
    },
  };
}

/** Both moments of every effect of an undisturbed exchange in their order, and how long it took from first to last. */
export async function recordExchange(redis: TestRedis, latencyMs = 0) {
  const { rig, victim, integration, begin } = await setStage(redis);
  const points: CrashPoint[] = [];
  const seen: number[] = [];
  watchEffects(rig, integration.consumerKey, async (effect, time, side) => {
    points.push({ effect, time, side });
    seen.push(performance.now());
    await delayAtStore(effect, latencyMs);
    return 'pass' as const;
  });
  await begin();
  victim.kill('SIGKILL');
  return { points, ms: (seen.at(-1) ?? 0) - (seen[0] ?? 0) };
}

/**
 * Kills the app at one point of an exchange, does `whileDown`, starts it again on the same port, and judges what
 * becomes of the exchange.
 */
export async function crashAt(
  redis: TestRedis,
  point: CrashPoint,
  {
    whileDown,
    withinMs,
    changes = {},
  }: { whileDown: () => unknown; withinMs: number; changes?: NodeJS.ProcessEnv },
): Promise<Case> {
  const stage = await setStage(redis, changes);
  const { rig, victim, integration, note } = stage;
  const on = { reached: false };
  watchEffects(rig, integration.consumerKey, (effect, time, side) => {
    note(`${effect}: ${side}`);
    if (effect !== point.effect || time !== point.time || side !== point.side) return 'pass';
    on.reached = true;
    return killed(victim);
  });
  await stage.begin();
  if (!on.reached) throw new Error(`there was no ${point.effect}:\n${stage.timeline.join('\n')}`);
  await whileDown();
  return judgedAfterwards(stage, `${point.effect}, ${point.side}`, withinMs);
}

/**
 * Kills the app so long after the first effect of an exchange, with a store that takes its time. Of two instances
 * the other lives on; a single one is started again.
 */
export async function crashAfter(
  redis: TestRedis,
  delayMs: number,
  { latencyMs, withinMs, instances }: { latencyMs: number; withinMs: number; instances: 1 | 2 },
): Promise<Case> {
  const stage = await setStage(redis, {}, instances);
  const { rig, victim, integration, note } = stage;
  let dead = false;
  let death: Promise<unknown> | undefined;
  watchEffects(rig, integration.consumerKey, async (effect, _time, side) => {
    death ??= pause(delayMs).then(() => {
      dead = true;
      note('killed');
      return killed(victim);
    });
    await delayAtStore(effect, latencyMs);
    note(`${effect}: ${side}${dead ? ' after death' : ''}`);
    return dead && side === 'answered' ? 'reset' : 'pass';
  });
  await stage.begin();
  await death;
  await victim.ended;
  await pause(2 * latencyMs);
  return judgedAfterwards(stage, `${Math.round(delayMs)} ms after the first effect`, withinMs);
}

async function killed(victim: App): Promise<Verdict> {
  victim.kill('SIGKILL');
  await victim.ended;
  return 'reset';
}

async function delayAtStore(effect: string, latencyMs: number): Promise<void> {
  if (/^(GET|POST) /.test(effect)) await pause(latencyMs);
}

async function judgedAfterwards(stage: Stage, point: string, withinMs: number): Promise<Case> {
  const { rig, victim, survivor, integration, popupUrl, timeline, note } = stage;
  unwatch(rig);
  const hadCredential = (await rig.credentials.find(integration.consumerKey)) !== undefined;
  const again = survivor ?? (await rig.start({ PORT: new URL(victim.url).port }, 'file'));
  note(survivor ? 'left to the other instance' : 'started again');
  const judgement = await judge(rig, again, { integration, popupUrl, hadCredential }, withinMs);
  note(`judged ${judgement.outcome} (${judgement.found})`);
  again.kill('SIGKILL');
  return { ...judgement, point, timeline };
}
