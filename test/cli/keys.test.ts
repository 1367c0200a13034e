import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { supportCode } from '../../src/timeline/support-code.js';
import { environment, pathWithoutRedis, run, startMain } from '../processes/child.js';
import { newDataDir } from '../redis/support.js';
import { encryptionKeys, storesWith, testKey } from '../support/sealed-data.js';
import { startRedis } from '../support/start-redis.js';

const [oldKey, newKey, lostKey] = [testKey(1), testKey(2), testKey(3)];
const both = encryptionKeys(newKey, oldKey);

/** An empty Redis; `keys` runs `npm run keys` on it without npm, and `settings` are an app's. */
async function newPlace() {
  const server = await startRedis({ tcp: true });
  const dataDir = await newDataDir();
  const settings = (encryption: string) =>
    environment(dataDir, {
      REDIS_URL: server.url,
      SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
      ENCRYPTION_KEYS: encryption,
    });
  const keys = async (words: readonly string[], encryption = both) => {
    const { code, stdout, stderr } = await run(['cli/keys', ...words], settings(encryption)).ended;
    return { code, stdout, stderr };
  };
  const spool = path.join(dataDir, 'spool');
  return { redis: server.client(), settings, keys, spool };
}

/** Two credentials, an activation that waits and one that holds a token, all sealed with one key. */
async function someRecords(redis: Redis, key = oldKey) {
  const { connect, receive, hold } = storesWith(redis, 'mi:', [key]);
  const connected = [await connect(), await connect()];
  const received = [await receive(), await receive()];
  const held = await hold(received[0]?.consumerKey ?? '');
  const secrets = [...[...connected, ...received].map((one) => one.secrets), held];
  return { connected, received, secrets: secrets.flatMap((each) => Object.values(each)) };
}

/** Rows of the table with single spaces. */
function rows(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '));
}

describe('npm run keys -- status', () => {
  it('counts nothing where nothing is stored', async () => {
    const { keys } = await newPlace();

    const { code, stdout, stderr } = await keys(['status']);

    expect(rows(stdout)).toEqual([
      'Key Credentials Activations Second factors',
      'k2 0 0 0 seals',
      '0 records, 0 unreadable.',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('counts the records under each key, and writes nothing', async () => {
    const { redis, keys } = await newPlace();
    await someRecords(redis);
    await storesWith(redis, 'mi:', [newKey]).connect();
    const before = await redis.dbsize();

    const { code, stdout } = await keys(['status']);

    expect(rows(stdout)).toEqual([
      'Key Credentials Activations Second factors',
      'k2 1 0 0 seals',
      'k1 2 2 0 opens',
      '5 records, 0 unreadable.',
    ]);
    expect({ code, size: await redis.dbsize() }).toEqual({ code: 0, size: before });
  });

  it('names a key that is not on the ring and what it keeps closed, and exits with 1', async () => {
    const { redis, keys } = await newPlace();
    const { consumerKey } = await storesWith(redis, 'mi:', [lostKey]).connect();

    const { code, stdout, stderr } = await keys(['status']);

    expect(rows(stdout)).toEqual([
      'Key Credentials Activations Second factors',
      'k2 0 0 0 seals',
      'k3 1 0 0 unknown key: not in ENCRYPTION_KEYS',
      `1 record, 1 unreadable (${supportCode(consumerKey)}).`,
    ]);
    expect(stdout).not.toContain(consumerKey);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });
});

describe('npm run keys -- rotate', () => {
  it('seals everything with the first key, once, without a word of a secret', async () => {
    const { redis, keys } = await newPlace();
    const { connected, secrets } = await someRecords(redis);
    await storesWith(redis, 'mi:', [newKey]).connect();

    const first = await keys(['rotate']);
    const second = await keys(['rotate']);
    const status = await keys(['status'], encryptionKeys(newKey));

    expect(first).toEqual({
      code: 0,
      stdout:
        'Seen: 5 records.\nRe-sealed with k2: 4.\nAlready under k2: 1.\nUnreadable: 0.\n' +
        'k1 seals no record any more and may leave ENCRYPTION_KEYS.\n',
      stderr: '',
    });
    expect(second).toEqual({
      code: 0,
      stdout: 'Seen: 5 records.\nRe-sealed with k2: 0.\nAlready under k2: 5.\nUnreadable: 0.\n',
      stderr: '',
    });
    expect(rows(status.stdout)).toContain('k2 3 2 0 seals');
    expect(status.code).toBe(0);
    const { credentials } = storesWith(redis, 'mi:', [newKey]);
    for (const { consumerKey, secrets: before } of connected) {
      expect(credentials.open((await credentials.find(consumerKey))!)).toEqual(before);
    }
    expect(secrets.filter((secret) => first.stdout.includes(secret))).toEqual([]);
  });

  it('works beside the running app, which then starts without the old key', async () => {
    const { redis, settings, keys } = await newPlace();
    const before = await startMain(settings(encryptionKeys(oldKey)));
    before.kill('SIGTERM');
    await before.ended;
    await someRecords(redis);
    const app = await startMain(settings(both));

    const early = await run(['main'], settings(encryptionKeys(newKey))).ended;
    const { code } = await keys(['rotate']);
    const ready = await fetch(`${app.url}/readyz`);
    const next = await startMain(settings(encryptionKeys(newKey)));

    expect(early.stderr).toMatch(/lacks the key k1/);
    expect([early.code, code, ready.status]).toEqual([78, 0, 200]);
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
  });

  it('leaves what it cannot open, names it, lets no key go and exits with 1', async () => {
    const { redis, keys } = await newPlace();
    const { connected } = await someRecords(redis);
    const consumerKey = connected[0]?.consumerKey ?? '';
    const key = `mi:credential:{${consumerKey}}`;
    const spoilt = ((await redis.get(key)) ?? '').replace('shop.example', 'evil.example');
    await redis.set(key, spoilt);

    const { code, stdout } = await keys(['rotate']);

    expect(stdout).toBe(
      'Seen: 4 records.\nRe-sealed with k2: 3.\nAlready under k2: 0.\n' +
        `Unreadable: 1 (${supportCode(consumerKey)}).\n` +
        'k1 still seals 1 record and has to stay in ENCRYPTION_KEYS.\n' +
        'No key is let go while a record is unreadable.\n',
    );
    expect({ code, text: await redis.get(key) }).toEqual({ code: 1, text: spoilt });
  });

  it('refuses keys that do not open what is stored, with exit code 78', async () => {
    const { redis, keys } = await newPlace();
    await someRecords(redis);

    const { code, stdout, stderr } = await keys(['rotate'], encryptionKeys(newKey));

    expect(stderr).toMatch(/^ENCRYPTION_KEYS lacks the key k1, .*\.\n$/);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
  });
});

describe('npm run keys where the spool holds a file', () => {
  const warning =
    'Warning: 1 file in the spool of DATA_DIR may need any key. ' +
    'None may leave ENCRYPTION_KEYS until Redis has taken them.';

  it('warns at status, which does not count it', async () => {
    const { keys, spool } = await newPlace();
    await mkdir(spool);
    await writeFile(path.join(spool, 'grant-1.json'), '{}');

    const { code, stdout } = await keys(['status']);

    expect(rows(stdout)).toEqual([
      'Key Credentials Activations Second factors',
      'k2 0 0 0 seals',
      '0 records, 0 unreadable.',
      warning,
    ]);
    expect(code).toBe(0);
  });

  it('lets no key go at rotate until it is gone', async () => {
    const { redis, settings, keys, spool } = await newPlace();
    const file = path.join(spool, 'grant-1.json');
    await someRecords(redis);
    await mkdir(spool);
    await writeFile(file, '{}');

    const first = await keys(['rotate']);
    const early = await run(['main'], settings(encryptionKeys(newKey))).ended;
    await rm(file);
    const second = await keys(['rotate']);

    expect(first).toMatchObject({
      code: 0,
      stdout:
        'Seen: 4 records.\nRe-sealed with k2: 4.\nAlready under k2: 0.\nUnreadable: 0.\n' +
        `${warning}\n`,
    });
    expect([early.code, early.stderr]).toEqual([78, expect.stringMatching(/lacks the key k1/)]);
    expect(second.stdout).toContain('k1 seals no record any more and may leave ENCRYPTION_KEYS.\n');
  });
});

describe('npm run keys -- forget', () => {
  it('has the app start without a key that is lost, its records closed but there', async () => {
    const { redis, settings, keys } = await newPlace();
    const { consumerKey } = await storesWith(redis, 'mi:', [lostKey]).connect();
    const refused = await run(['main'], settings(both)).ended;

    const forgotten = await keys(['forget', 'k3']);

    const app = await startMain(settings(both));
    expect(refused.code).toBe(78);
    expect(forgotten).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Forgot the key k3: /),
    });
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    expect(await redis.exists(`mi:credential:{${consumerKey}}`)).toBe(1);
  });

  it('forgets no key that is there', async () => {
    const { redis, keys } = await newPlace();
    await someRecords(redis);

    const { code, stdout, stderr } = await keys(['forget', 'k1']);

    expect(stderr).toBe('No key k1 is missing from ENCRYPTION_KEYS.\n');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe('npm run keys', () => {
  const refused: Record<string, [words: string[], says: RegExp]> = {
    'no word': [[], /^Usage:\n/],
    'a word it does not know': [['replace'], /^Usage:\n/],
    'a word too many': [['rotate', 'k1'], /^Usage:\n/],
    'nothing to forget': [['forget'], /^Usage:\n/],
    'an option': [['status', '--all'], /'--all'.*\n$/],
  };
  for (const [what, [words, says]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const env = environment(await newDataDir());

      const { code, stdout, stderr } = await run(['cli/keys', ...words], env).ended;

      expect(stderr).toMatch(says);
      expect(stderr).not.toContain('    at ');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    });
  }

  it('exits with 78 where a setting is wrong', async () => {
    const env = environment(await newDataDir(), { ENCRYPTION_KEYS: 'k1:hushhush' });

    const { code, stderr } = await run(['cli/keys', 'status'], env).ended;

    expect(stderr).toMatch(/^ENCRYPTION_KEYS must .*\.\n$/);
    expect(stderr).not.toContain('hush');
    expect(code).toBe(78);
  });

  it('says that it needs the running app where there is no Redis, and exits with 1', async () => {
    const env = environment(await newDataDir(), { PATH: pathWithoutRedis() });

    const { code, stdout, stderr } = await run(['cli/keys', 'rotate'], env).ended;

    expect(stderr).toMatch(/^without redis-server.*only while the app is running.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('works on the stand-in of a running app', async () => {
    const env = environment(await newDataDir(), { PATH: pathWithoutRedis() });
    await startMain(env);

    const { code, stdout } = await run(['cli/keys', 'rotate'], env).ended;

    expect(stdout).toMatch(/^Seen: 0 records\.\n/);
    expect(code).toBe(0);
  });
});
