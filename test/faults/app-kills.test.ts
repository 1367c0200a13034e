import { beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { crashAfter, crashAt, recordExchange, type Case } from './crash.js';
import { chance, inParallel, rounds, timeLimit } from './rounds.js';
import { countOutcomes, reportCases } from './summary.js';

/** Lease and pass of the rig, and what a busy machine adds to them. */
const withinMs = 8_000;
const atOnce = 5;
const randomKills = rounds(12);

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

describe('an app killed in the middle of an exchange', () => {
  it(
    'leaves a legal pair of records at every message that has a lasting effect',
    async () => {
      await recordExchange(redis);
      const { points } = await recordExchange(redis);

      const cases = await inParallel(atOnce, points, (point, place) =>
        crashAt(redis, point, { downMs: place % 4 < 2 ? 0 : 2_500, withinMs }),
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

      const cases: Case[] = await inParallel(atOnce, delays, (delay) =>
        crashAfter(redis, delay, { latencyMs, withinMs }),
      );

      reportCases('kills at random', cases);
      expect(countOutcomes(cases)).toMatchObject({ silent: 0, untraced: 0 });
    },
    timeLimit(randomKills, 5_000),
  );
});
