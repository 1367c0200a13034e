import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { integrationNow } from '../support/popup.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { effectAtStore } from './effects.js';
import { credentialSigns } from './oracle.js';
import { callsTo, newRig, openForm, until, type Rig } from './rig.js';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ tcp: true, appendfsync: 'always' });
});

/** The files in which the app keeps what Redis does not take, with their contents. */
function spooled(rig: Rig): { mode: number; text: string }[] {
  const folder = path.join(rig.env['DATA_DIR'] ?? '', 'spool');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => ({
    mode: statSync(path.join(folder, name)).mode & 0o777,
    text: readFileSync(path.join(folder, name), 'utf8'),
  }));
}

/** An app whose Redis goes away in the moment in which the store is asked for access. */
async function grantedWithoutRedis(takeAway: () => unknown) {
  const rig = await newRig(redis);
  const app = await rig.start();
  const integration = rig.integrate(app);
  const { send } = await openForm(app, await rig.activate(integration));
  rig.toStore.onRequest = async (message) => {
    if (effectAtStore(message)?.endsWith('token/access')) await takeAway();
    return 'pass' as const;
  };
  const answer = send().then(
    ({ status }) => status,
    () => 0,
  );
  const isGranted = () => integrationNow(rig.store, integration).status === 'active';
  await until('the grant', isGranted);
  return { rig, app, integration, answer };
}

/** A Redis that is gone, and one that has gone read-only: ways to take it away and to bring it back. */
const ways: Record<string, { takeAway: () => unknown; bringBack: () => unknown }> = {
  'is killed': { takeAway: () => redis.kill(), bringBack: () => redis.revive() },
  'takes no more writes': {
    takeAway: () => redis.client().config('SET', 'maxmemory', '1'),
    bringBack: () => redis.client().config('SET', 'maxmemory', '0'),
  },
};

describe('a token that is granted while Redis', () => {
  for (const [what, { takeAway, bringBack }] of Object.entries(ways)) {
    it(`${what}, and whose app is killed a second later, is there when both are back`, async () => {
      const { rig, app, integration, answer } = await grantedWithoutRedis(takeAway);
      await pause(1_000);
      const kept = spooled(rig);
      app.kill('SIGKILL');
      await app.ended;
      await answer;

      await bringBack();
      await rig.start();

      const { token, secret } = integrationNow(rig.store, integration).tokens[0]!;
      await until(
        'a credential',
        async () => (await credentialSigns(rig, integration)) === 'signs',
      );
      await until('an empty spool', () => spooled(rig).length === 0);
      expect(kept.map(({ mode }) => mode)).toEqual([0o600]);
      expect(kept.filter(({ text }) => text.includes(token) || text.includes(secret))).toEqual([]);
      expect(callsTo(rig.store, 'token/request')).toBe(1);
      expect(callsTo(rig.store, 'token/access')).toBe(1);
    }, 30_000);

    it(`${what} is kept by the app that lives on`, async () => {
      const { rig, integration, answer } = await grantedWithoutRedis(takeAway);
      await pause(1_000);

      await bringBack();

      await until(
        'a credential',
        async () => (await credentialSigns(rig, integration)) === 'signs',
      );
      await until('an empty spool', () => spooled(rig).length === 0);
      await answer;
      expect(callsTo(rig.store, 'token/access')).toBe(1);
    }, 30_000);
  }
});
