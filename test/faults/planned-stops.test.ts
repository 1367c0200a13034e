import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { integrationNow } from '../support/popup.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { credentialSigns } from './oracle.js';
import { newRig, openForm, type App, type Rig } from './rig.js';
import { chance, inParallel, report, rounds, seed, timeLimit } from './rounds.js';

const atOnce = 10;
const stops = rounds(20);
const random = chance();

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

/** A popup with its form open, for an integration of its own. */
async function openedForm(rig: Rig, app: App) {
  const integration = rig.integrate(app);
  const { send } = await openForm(app, await rig.activate(integration));
  return { integration, send };
}

/** What a load balancer hears: a status, or 0 where nobody listens. */
async function readiness({ url }: App): Promise<number> {
  return fetch(`${url}/readyz`).then(
    ({ status }) => status,
    () => 0,
  );
}

/** Stops an app in the middle of so many exchanges. Answers what became of each. */
async function stopAmid(exchanges: number) {
  const rig = await newRig(redis, { EXCHANGE_LEASE_SECONDS: '60' });
  const inStore = async () => {
    await pause(5 + random() * 45);
    return 'pass' as const;
  };
  Object.assign(rig.toStore, { onRequest: inStore, onReply: inStore });
  const app = await rig.start();
  const forms = [];
  for (let left = exchanges; left > 0; left -= 1) forms.push(await openedForm(rig, app));
  const spread = random() * 150;
  const answers = forms.map(async ({ send }) => {
    await pause(random() * spread);
    return send().then(
      ({ status }) => status,
      () => 0,
    );
  });

  await pause(random() * 300);
  app.kill('SIGTERM');
  const heard = await untilStopping(app);
  const statuses = await Promise.all(answers);
  const { code } = await app.ended;

  const ends = await Promise.all(
    forms.map(({ integration }, place) => endOf(rig, integration, statuses[place] ?? 0)),
  );
  return { code, heard, ends };
}

/** The app may answer a readiness check that came before the signal; from then on it is not ready. */
async function untilStopping(app: App): Promise<number[]> {
  const heard: number[] = [];
  for (let looks = 0; looks < 3; looks += 1) {
    await pause(50);
    heard.push(await readiness(app));
  }
  return heard.slice(1);
}

/** Complete, with a browser that was sent back or has left; or as if nobody had signed in; else what there is. */
async function endOf(
  rig: Rig,
  integration: Parameters<typeof integrationNow>[1],
  status: number,
): Promise<string> {
  const { status: inStore, tokens } = integrationNow(rig.store, integration);
  const activation = await rig.activations.find(integration.consumerKey);
  const signs = await credentialSigns(rig, integration);
  if (inStore === 'active' && signs === 'signs' && status === 303) return 'complete';
  const isUntouched = tokens[0]?.type === 'verifier' && activation?.state === 'received';
  if (isUntouched && status !== 303) return 'not started';
  return `answer ${status}; store ${inStore}, ${tokens[0]?.type ?? 'no row'}; app ${activation?.state ?? 'nothing'}, credential ${signs}`;
}

describe('SIGTERM in the middle of exchanges', () => {
  it(
    `${stops} times, ${atOnce} at once: each is complete or not started, and the exit code is 0`,
    async () => {
      const results = await inParallel(2, Array.from({ length: stops }), () => stopAmid(atOnce));

      const ends = results.flatMap((result) => result.ends);
      const complete = ends.filter((end) => end === 'complete').length;
      const notStarted = ends.filter((end) => end === 'not started').length;
      report(
        `SIGTERM, seed ${seed}: ${ends.length} exchanges, ${complete} complete, ${notStarted} not started`,
      );
      expect(ends.filter((end) => end !== 'complete' && end !== 'not started')).toEqual([]);
      expect(complete).toBeGreaterThan(0);
      expect(results.map(({ code }) => code)).toEqual(results.map(() => 0));
      expect(results.flatMap(({ heard }) => heard).filter((s) => s !== 0 && s !== 503)).toEqual([]);
    },
    timeLimit(stops, 5_000),
  );
});
