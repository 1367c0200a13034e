import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { startLoad, type ActivationLoad } from './activation-load.js';
import { newRig, until, type App, type Rig } from './rig.js';
import { chance, report, rounds, seed, timeLimit } from './rounds.js';

const kills = rounds(3);
const random = chance();

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

async function readiness({ url }: { readonly url: string }): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

/** Lets the load run for a random while. */
const aWhile = () => pause(100 + random() * 500);

/** Ends the load; answers how many activations were acknowledged, and which of them Redis does not hold. */
async function lostOf(load: ActivationLoad, rig: Rig) {
  await load.stop();
  const found = await Promise.all(load.acknowledged.map((key) => rig.activations.find(key)));
  const lost = load.acknowledged.filter((_, place) => found[place] === undefined);
  report(
    `kills under load, seed ${seed}: ${load.acknowledged.length} acknowledged, ${lost.length} lost, ` +
      `refused ${JSON.stringify([...load.refused])}, slowest answer ${Math.round(load.slowestMs())} ms`,
  );
  return { acknowledged: load.acknowledged.length, lost };
}

/** Each of the ways to kill; all end with both serving again. */
const ways: Record<string, (rig: Rig, app: App) => Promise<App>> = {
  'Redis, and the app goes on': async (_rig, app) => {
    await redis.kill();
    await until('503 while Redis is down', async () => (await readiness(app)) === 503, 5_000);
    await aWhile();
    await redis.revive();
    return app;
  },
  'the app': async (rig, app) => {
    app.kill('SIGKILL');
    await app.ended;
    return rig.start({ PORT: new URL(app.url).port });
  },
  'both at once': async (rig, app) => {
    app.kill('SIGKILL');
    await redis.kill();
    await app.ended;
    await redis.revive();
    return rig.start({ PORT: new URL(app.url).port });
  },
};

describe('an activation that was answered with 200 is there after SIGKILL of', () => {
  for (const [what, killAndRevive] of Object.entries(ways)) {
    it(
      `${what}, ${kills} times under load`,
      async () => {
        const rig = await newRig(redis);
        let app = await rig.start();
        const load = startLoad(8, () => app.url);
        const before: number[] = [];

        for (let kill = 0; kill < kills; kill += 1) {
          before.push(load.acknowledged.length);
          await aWhile();
          app = await killAndRevive(rig, app);
          await until('200 again', async () => (await readiness(app)) === 200, 5_000);
        }
        await aWhile();

        const { acknowledged, lost } = await lostOf(load, rig);
        expect(lost).toEqual([]);
        expect(acknowledged).toBeGreaterThan(before.at(-1) ?? Infinity);
        expect([...load.refused.keys()].filter((status) => ![0, 503].includes(status))).toEqual([]);
      },
      timeLimit(kills, 5_000),
    );
  }
});
