import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { openSecrets } from '../../src/activation/candidate-secrets.js';
import type { NamedKey } from '../../src/credentials/key-ring.js';
import { environment, run } from '../processes/child.js';
import { newDataDir } from '../redis/support.js';
import { encryptionKeys, keyIdsIn, storesWith, testKey } from '../support/sealed-data.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';

const prefix = 'mi:';
const kills = 20;
const credentialCount = 150;
const activationCount = 50;

/** The ring in each round: the newest key seals, all before it open. */
function ringOf(round: number): NamedKey[] {
  return Array.from({ length: round + 1 }, (_, at) => testKey(round + 1 - at));
}

/** What was written, by the name of the record. */
type Written = Map<string, Readonly<Record<string, string>>>;

/** Everything that lies in Redis: credentials, activations, and the request tokens that every other of these holds. */
interface Data {
  readonly credentials: Written;
  readonly received: Written;
  readonly held: Written;
}

async function fill(redis: Redis): Promise<Data> {
  const { connect, receive, hold } = storesWith(redis, prefix, ringOf(0));
  const data: Data = { credentials: new Map(), received: new Map(), held: new Map() };
  for (let count = 0; count < credentialCount; count += 1) {
    const { consumerKey, secrets } = await connect();
    data.credentials.set(consumerKey, secrets);
  }
  for (let count = 0; count < activationCount; count += 1) {
    const { consumerKey, secrets } = await receive();
    data.received.set(consumerKey, secrets);
    if (count % 4 < 2) data.held.set(consumerKey, await hold(consumerKey));
  }
  return data;
}

/** Every record's text, in one look. */
async function texts(redis: Redis, names: readonly string[]): Promise<string[]> {
  return (await redis.mget(...names)).map((text) => text ?? '');
}

/** How many of these records are under this key, and no other. */
async function doneOf(redis: Redis, names: readonly string[], { id }: NamedKey): Promise<number> {
  return (await texts(redis, names)).filter((text) => keyIdsIn(text).join() === id).length;
}

/** Writes, with this round's ring, to every other record, one after the other until it is told to stop. */
function writer(redis: Redis, keys: readonly NamedKey[], { credentials, received }: Data) {
  const { connect, receive } = storesWith(redis, prefix, keys);
  const [stores, activations] = [everyOther(credentials), everyOther(received)];
  const work = { isStopped: false };
  const writing = (async () => {
    let writes = 0;
    for (; !work.isStopped; writes += 1) {
      const store = await connect(stores[writes % stores.length]);
      credentials.set(store.consumerKey, store.secrets);
      const activation = await receive(activations[writes % activations.length]);
      received.set(activation.consumerKey, activation.secrets);
    }
    return writes;
  })();
  return () => {
    work.isStopped = true;
    return writing;
  };
}

function everyOther(written: Written): string[] {
  return [...written.keys()].filter((_, at) => at % 2 === 0);
}

/** The names of records that do not open to what was written. */
async function unreadable(redis: Redis, keys: readonly NamedKey[], data: Data): Promise<string[]> {
  const { credentials, activations, ring } = storesWith(redis, prefix, keys);
  const failed: string[] = [];
  for (const [consumerKey, secrets] of data.credentials) {
    const credential = await credentials.find(consumerKey);
    const opened = credential && attempt(() => credentials.open(credential));
    if (JSON.stringify(opened) !== JSON.stringify(secrets)) failed.push(consumerKey);
  }
  for (const consumerKey of data.received.keys()) {
    const activation = await activations.find(consumerKey);
    const place = (field: string) => ({
      kind: 'activation' as const,
      consumerKey,
      field,
      storeOrigin: 'https://shop.example',
    });
    const newest = data.received.get(consumerKey)?.['verifier'] ?? '';
    const held = data.held.get(consumerKey);
    const opened = attempt(() => {
      const candidates = activation?.candidates ?? [];
      const verifiers = candidates.map(
        (candidate) => openSecrets(ring, consumerKey, candidate).verifier,
      );
      const token = activation && 'heldToken' in activation ? activation.heldToken : undefined;
      return {
        isThere: verifiers.includes(newest),
        token: token && ring.open(token.token, place('requestToken')),
        tokenSecret: token && ring.open(token.tokenSecret, place('requestTokenSecret')),
      };
    });
    const isRight =
      opened?.isThere === true &&
      opened.token === held?.['token'] &&
      opened.tokenSecret === held?.['tokenSecret'];
    if (!isRight) failed.push(consumerKey);
  }
  return failed;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** How often a secret stands in clear in what the server has on its disk. */
function inClear({ folder }: TestRedis, secrets: readonly string[]): string[] {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
  expect(bytes).toContain(`${prefix}credential:`);
  return secrets.filter((secret) => bytes.includes(secret));
}

describe('npm run keys -- rotate, killed at any moment', () => {
  it('loses no record, and finishes when it is run once more', async () => {
    const server = await startRedis({ tcp: true, appendfsync: 'always' });
    const redis = server.client();
    const dataDir = await newDataDir();
    const rotate = (keys: readonly NamedKey[]) =>
      run(
        ['cli/keys', 'rotate'],
        environment(dataDir, {
          REDIS_URL: server.url,
          SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
          ENCRYPTION_KEYS: encryptionKeys(...keys),
        }),
      );
    const data = await fill(redis);
    const names = [
      ...[...data.credentials.keys()].map((consumerKey) => `${prefix}credential:{${consumerKey}}`),
      ...[...data.received.keys()].map((consumerKey) => `${prefix}activation:{${consumerKey}}`),
    ];
    const untouched = names.filter((_, at) => at % 2 === 1);
    const ends = await endsOf(redis, untouched);
    const said: string[] = [];
    const halfway: number[] = [];
    let writes = 0;

    for (let round = 1; round <= kills; round += 1) {
      const keys = ringOf(round);
      const stopWriting = writer(redis, keys, data);
      const rotation = rotate(keys);
      const rotating = { isOver: false };
      void rotation.ended.then(() => (rotating.isOver = true));
      const due = 1 + Math.floor(Math.random() * untouched.length * 0.95);
      while (!rotating.isOver && (await doneOf(redis, untouched, keys[0]!)) < due);
      rotation.kill('SIGKILL');
      const { signal, stdout, stderr } = await rotation.ended;
      writes += await stopWriting();
      said.push(stdout, stderr);
      const done = await doneOf(redis, untouched, keys[0]!);
      if (signal === 'SIGKILL' && done < untouched.length) halfway.push(done);
      expect(await unreadable(redis, keys, data)).toEqual([]);
    }
    const last = ringOf(kills);
    const stopWriting = writer(redis, last, data);
    const whole = await rotate(last).ended;
    writes += await stopWriting();

    const secrets = Object.values(data).flatMap((written: Written) =>
      [...written.values()].flatMap((one) => Object.values(one)),
    );
    const after = await texts(redis, names);
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^Seen: 200 records\.\n(.*\n){2}Unreadable: 0\.\n/);
    expect(new Set(after.flatMap(keyIdsIn))).toEqual(new Set([last[0]!.id]));
    expect(await unreadable(redis, last.slice(0, 1), data)).toEqual([]);
    expect(await countOf(redis)).toBe(names.length);
    expect(await endsOf(redis, untouched)).toEqual(ends);
    expect(ends.filter((end) => end > 0)).toHaveLength(activationCount / 2);
    expect(halfway.length).toBeGreaterThanOrEqual(kills / 2);
    expect(writes).toBeGreaterThan(kills);
    expect(inClear(server, secrets)).toEqual([]);
    expect(secrets.filter((secret) => said.join().includes(secret))).toEqual([]);
  }, 60_000);
});

/** When each record ends, in milliseconds since 1970; -1 for never. */
async function endsOf(redis: Redis, names: readonly string[]): Promise<number[]> {
  return Promise.all(names.map((name) => redis.pexpiretime(name)));
}

async function countOf(redis: Redis): Promise<number> {
  const keys = await redis.keys(`${prefix}*:{${'?'.repeat(32)}}`);
  return keys.length;
}
