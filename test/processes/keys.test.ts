import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { newDataDir } from '../redis/support.js';
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
