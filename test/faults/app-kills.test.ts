import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { liveLease } from '../../src/activation/activation.js';
import { integrationNow } from '../support/popup.js';
import {
  crashAfter,
  crashAt,
  recordExchange,
  setStage,
  unwatch,
  watchEffects,
  type Case,
} from './crash.js';
import { credentialSigns } from './oracle.js';
import { callsTo, signIn, until } from './rig.js';
import { chance, inParallel, report, rounds, timeLimit } from './rounds.js';
import { countOutcomes, reportCases } from './summary.js';

/** Within this time of a crash the app names what the merchant has to do: a lease of 60 s, and a pass. */
const promisedMs = 90_000;

/** Lease and pass of the rig, and what a busy machine adds to them. */
const withinMs = 8_000;
const atOnce = 5;
const randomKills = rounds(12);

/** The store has granted access; its answer never arrives. */
const afterTheGrant = { effect: 'POST /oauth/token/access', time: 1, side: 'answered' } as const;

let redis: TestRedis;
let withDefaults: Promise<Case | Error>;

// The case on the default lease and interval takes its minute beside the others.
beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
  withDefaults = crashAt(redis, afterTheGrant, {
    whileDown: () => undefined,
    withinMs: promisedMs,
    changes: { EXCHANGE_LEASE_SECONDS: '', RECOVERY_INTERVAL_SECONDS: '' },
  }).catch((error: unknown) => error as Error);
});

/** Cuts the append-only file in the middle of the last entry that has these words. */
function cutFile(folder: string, words: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const file = path.join(
    folder,
    files.find((name) => /(incr|appendonly)\.aof$/.test(name))!,
  );
  truncateSync(file, readFileSync(file).lastIndexOf(words));
}

describe('an app killed in the middle of an exchange', () => {
  it(
    'leaves a legal pair of records at every message that has a lasting effect',
    async () => {
      await recordExchange(redis);
      const { points } = await recordExchange(redis);

      const cases = await inParallel(atOnce, points, (point, place) =>
        crashAt(redis, point, { whileDown: () => pause(place % 4 < 2 ? 0 : 2_500), withinMs }),
      );

      reportCases('kills at named points', cases);
      expect(points.length).toBeGreaterThanOrEqual(14);
      expect(countOutcomes(cases)).toMatchObject({ silent: 0, untraced: 0 });
    },
    timeLimit(30, 5_000),
  );

  it(
    'leaves a legal pair of records at any other time',
    async () => {
      const latencyMs = 20;
      const random = chance();
      const { ms } = await recordExchange(redis, latencyMs);
      const delays = Array.from({ length: randomKills }, () => random() * ms);

      const cases = await inParallel(atOnce, delays, (delay, place) =>
        crashAfter(redis, delay, { latencyMs, withinMs, instances: place % 2 === 0 ? 1 : 2 }),
      );

      reportCases('kills at random', cases);
      expect(countOutcomes(cases)).toMatchObject({ silent: 0, untraced: 0 });
    },
    timeLimit(randomKills, 5_000),
  );

  it('finishes through the request token it holds, though Magento has been told to activate again', async () => {
    const changes = { EXCHANGE_LEASE_SECONDS: '4', RECOVERY_INTERVAL_SECONDS: '60' };
    const stage = await setStage(redis, changes);
    const { rig, victim, integration } = stage;
    watchEffects(rig, integration.consumerKey, async (effect, _time, side) => {
      if (!effect.endsWith('authorized') || side === 'sent') return 'pass';
      victim.kill('SIGKILL');
      await victim.ended;
      return 'reset';
    });
    await stage.begin();
    unwatch(rig);
    const again = await rig.start({ PORT: new URL(victim.url).port });

    const popupUrl = await rig.activate(integration);
    const rows = integrationNow(rig.store, integration).tokens.map(({ type }) => type);
    await until('the end of the lease', async () => {
      const activation = await rig.activations.find(integration.consumerKey);
      return (activation && liveLease(activation, new Date())) === undefined;
    });
    const status = await signIn(again, popupUrl);

    expect(status).toBe(303);
    expect(rows).toEqual(['request', 'verifier']);
    expect(callsTo(rig.store, 'token/request')).toBe(1);
    expect(await credentialSigns(rig, integration)).toBe('signs');
  }, 60_000);

  it('names lost access though Redis comes back without the last that it was told', async () => {
    const other = await startRedis({ tcp: true, appendfsync: 'always' });
    const rewind = async () => {
      await other.kill();
      cutFile(other.folder, '"state":"accessing"');
      await other.revive();
    };

    const ended = await crashAt(other, afterTheGrant, { whileDown: rewind, withinMs });

    reportCases('with Redis set back', [ended]);
    expect(ended.outcome).toBe('needsReauthorize');
  }, 40_000);

  it('names lost access within 90 seconds on the default settings', async () => {
    const outcome = await withDefaults;

    if ('outcome' in outcome) report(`the default settings:\n  ${outcome.timeline.join('\n  ')}`);
    expect(outcome).toMatchObject({ outcome: 'needsReauthorize' });
  }, 120_000);
});
