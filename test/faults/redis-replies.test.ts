import { beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { unwatch, watchEffects } from './crash.js';
import { credentialSigns } from './oracle.js';
import { callsTo, newRig, openForm, signIn, until } from './rig.js';
import { report } from './rounds.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

describe("when Redis's answer to the claim of an exchange is lost", () => {
  for (const [how, verdict] of [
    ['with its connection', 'reset'],
    ['on a connection that falls silent', 'swallow'],
  ] as const) {
    it(`${how}, the merchant is answered, and one request call connects the store`, async () => {
      const rig = await newRig(redis);
      const app = await rig.start();
      const integration = rig.integrate(app);
      const popupUrl = await rig.activate(integration);
      const { send } = await openForm(app, popupUrl);
      let lost = 0;
      watchEffects(rig, integration.consumerKey, (effect, _time, side) => {
        if (side === 'sent' || lost > 0 || !effect.endsWith('requesting')) return 'pass';
        lost += 1;
        return verdict;
      });

      const begin = performance.now();
      const { status } = await send();
      const answeredMs = performance.now() - begin;

      unwatch(rig);
      expect(lost).toBe(1);
      expect([303, 409, 502, 503]).toContain(status);
      expect(answeredMs).toBeLessThan(10_000);
      await until('a sign-in', async () => (await signIn(app, popupUrl)) === 303, 20_000);
      expect(callsTo(rig.store, 'token/request')).toBe(1);
      expect(callsTo(rig.store, 'token/access')).toBe(1);
      expect(await credentialSigns(rig, integration)).toBe('signs');
    }, 90_000);
  }
});

describe('when another Redis takes over', () => {
  const ways: Record<string, (primary: TestRedis, replica: TestRedis) => Promise<void>> = {
    'from one that died': (primary) => primary.kill(),
    'from one that lives on as its replica': async (primary, replica) => {
      await primary.client().replicaof('127.0.0.1', Number(new URL(replica.url).port));
    },
  };

  for (const [how, loseOffice] of Object.entries(ways)) {
    it(`${how}, the app goes on there by itself in 5 s, with what was replicated`, async () => {
      const primary = await startRedis({ tcp: true, appendfsync: 'always' });
      const replica = await startRedis({ tcp: true, appendfsync: 'always' });
      const primaryPort = Number(new URL(primary.url).port);
      const replicaPort = Number(new URL(replica.url).port);
      const rig = await newRig(primary);
      await replica.client().replicaof('127.0.0.1', primaryPort);
      const app = await rig.start();
      const integration = rig.integrate(app);
      const popupUrl = await rig.activate(integration);
      await until('a replica', async () => (await primary.client().wait(1, 1_000)) === 1);

      await replica.client().replicaof('NO', 'ONE');
      rig.toRedis.leadTo(replicaPort);
      await loseOffice(primary, replica);

      const ready = async () => (await fetch(`${app.url}/readyz`)).status === 200;
      const readyMs = await until('readiness', ready, 5_000);
      const signedIn = async () => (await signIn(app, popupUrl)) === 303;
      const signedInMs = await until('a sign-in', signedIn, 5_000);
      report(
        `failover ${how}: ready after ${Math.round(readyMs)} ms, sign-in ${Math.round(signedInMs)} ms`,
      );
      const key = `${rig.env['REDIS_PREFIX'] ?? ''}credential:{${integration.consumerKey}}`;
      expect(await replica.client().exists(key)).toBe(1);
      expect(callsTo(rig.store, 'token/request')).toBe(1);
    }, 40_000);
  }
});
