import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import supertest from 'supertest';
import { accountStore } from '../../src/accounts/account-store.js';
import { send, signIn } from '../console/operators.js';
import { newDataDir } from '../redis/support.js';
import { enrol, nextCode } from '../support/second-factor.js';
import { encryptionKeys, storesWith, testKey } from '../support/sealed-data.js';
import { startRedis } from '../support/start-redis.js';
import { environment, run, startMain } from './child.js';

const [oldKey, newKey] = [testKey(1), testKey(2)];

/** An empty Redis, and the settings of an app on it with these keys. */
async function newPlace() {
  const server = await startRedis({ tcp: true });
  const dataDir = await newDataDir();
  const settings = (keys: string) =>
    environment(dataDir, {
      REDIS_URL: server.url,
      SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
      ENCRYPTION_KEYS: keys,
    });
  return { redis: server.client(), settings };
}

/** How often anything was written since the server's start. */
async function writes(redis: Redis): Promise<number> {
  const info = await redis.info('persistence');
  return Number(/rdb_changes_since_last_save:(\d+)/.exec(info)?.[1]);
}

async function startAndStop(env: NodeJS.ProcessEnv): Promise<void> {
  const app = await startMain(env);
  app.kill('SIGTERM');
  await app.ended;
}

const olga = { username: 'olga', password: 'hush hush, ein Wort' };

/** An app on the first key, in which an operator has turned a second factor on; it is stopped again. */
async function withSecondFactor() {
  const { redis, settings } = await newPlace();
  const app = await startMain(settings(encryptionKeys(oldKey)));
  await accountStore(redis, 'mi:', () => new Date()).add('olga', 'operator', olga.password);
  const browser = supertest.agent(app.url);
  await signIn(browser, olga);
  const phone = await enrol(browser, olga.password);
  app.kill('SIGTERM');
  await app.ended;
  return { redis, settings, phone };
}

describe('keys that are rotated under the second factor of an operator', () => {
  it('leave it as good as it was, without the old key, too', async () => {
    const { redis, settings, phone } = await withSecondFactor();

    const done = await run(['cli/keys', 'rotate'], settings(encryptionKeys(newKey, oldKey))).ended;
    const app = await startMain(settings(encryptionKeys(newKey)));
    const browser = supertest.agent(app.url);
    const asked = await signIn(browser, olga);
    const form = await browser.get('/console/sign-in/code');
    const wrong = await send(browser, '/console/sign-in/code', form.text, { code: 'hunter' });
    const right = await send(browser, '/console/sign-in/code', form.text, {
      code: nextCode(phone),
    });

    expect(done.stdout).toContain('Seen: 1 record.\nRe-sealed with k2: 1.\n');
    expect(done.stdout).toContain('k1 seals no record any more');
    expect(await redis.get('mi:second-factor:{olga}')).toContain('"secret":"v1.k2.');
    expect(asked.headers['location']).toBe('/console/sign-in/code');
    expect([wrong.status, right.status]).toEqual([401, 303]);
    expect((await browser.get('/console')).status).toBe(200);
  });

  it("are counted, and kept while it does not open, which is told by its owner's name", async () => {
    const { redis, settings } = await withSecondFactor();
    const text = (await redis.get('mi:second-factor:{olga}')) ?? '';
    await redis.set('mi:second-factor:{mallory}', text.replace('"olga"', '"mallory"'));

    const env = settings(encryptionKeys(newKey, oldKey));
    const status = await run(['cli/keys', 'status'], env).ended;
    const rotated = await run(['cli/keys', 'rotate'], env).ended;

    expect(status.stdout).toMatch(/^k1 +0 +0 +2 +opens$/m);
    expect(status.stdout).toContain('2 records, 1 unreadable (the second factor of mallory).');
    expect(rotated.stdout).toContain('k1 still seals 1 record and has to stay');
    expect([status.code, rotated.code]).toEqual([1, 1]);
  });

  it('are asked for at the start where an app without a canary has left nothing else', async () => {
    const { redis, settings } = await withSecondFactor();
    await redis.del('mi:canary');

    const { code, stderr } = await run(['main'], settings(encryptionKeys(newKey))).ended;

    expect(stderr).toMatch(/^ENCRYPTION_KEYS lacks the key k1, .*\.\n$/);
    expect(code).toBe(78);
  });
});

describe('npm start with other ENCRYPTION_KEYS than before', () => {
  const sameId = { id: 'k1', key: newKey.key };
  const refused: Record<string, [keys: string, says: RegExp]> = {
    'that lack the old one': [encryptionKeys(newKey), /^ENCRYPTION_KEYS lacks the key k1, .*\.\n$/],
    'that hold another under the old id': [
      encryptionKeys(sameId),
      /^ENCRYPTION_KEYS holds another key as k1 .*\.\n$/,
    ],
  };
  for (const [what, [keys, says]] of Object.entries(refused)) {
    it(`refuses keys ${what} with one sentence and exit code 78, and writes nothing`, async () => {
      const { redis, settings } = await newPlace();
      await startAndStop(settings(encryptionKeys(oldKey)));
      const before = await writes(redis);

      const { code, stdout, stderr } = await run(['main'], settings(keys)).ended;

      expect(stderr).toMatch(says);
      expect(stderr).not.toContain(newKey.key.toString('base64').slice(0, 8));
      expect(stdout).not.toContain('listening');
      expect({ code, writes: await writes(redis) }).toEqual({ code: 78, writes: before });
    });
  }

  it('refuses keys that do not open what an app without a canary has left', async () => {
    const { redis, settings } = await newPlace();
    await storesWith(redis, 'mi:', [oldKey]).connect();
    const before = await writes(redis);

    const { code, stderr } = await run(['main'], settings(encryptionKeys(newKey))).ended;

    expect(stderr).toMatch(/^ENCRYPTION_KEYS lacks the key k1, .*\.\n$/);
    expect({ code, writes: await writes(redis) }).toEqual({ code: 78, writes: before });
  });

  it('serves with a new one in front of the old', async () => {
    const { redis, settings } = await newPlace();
    await startAndStop(settings(encryptionKeys(oldKey)));
    const { consumerKey, secrets } = await storesWith(redis, 'mi:', [oldKey]).connect();

    const app = await startMain(settings(encryptionKeys(newKey, oldKey)));

    const { credentials } = storesWith(redis, 'mi:', [newKey, oldKey]);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(credentials.open((await credentials.find(consumerKey))!)).toEqual(secrets);
  });
});
