import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { canary } from '../../src/credentials/canary.js';
import { sealedCredentials } from '../../src/credentials/credential.js';
import { keyRing, type NamedKey } from '../../src/credentials/key-ring.js';
import { resealAll, tallySealed } from '../../src/credentials/sealed-records.js';
import { keyIdsIn, storesWith, testKey } from '../support/sealed-data.js';
import { startRedis } from '../support/start-redis.js';

const redis = (await startRedis()).client();
const [oldKey, newKey] = [testKey(1), testKey(2)];

function newPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}:`;
}

/** The canary as an app or a command with this ring sees it; `looking` runs before each look at the data. */
function canaryFor(
  prefix: string,
  keys: readonly NamedKey[],
  looking: () => Promise<void> = () => Promise.resolve(),
) {
  const kinds = [sealedCredentials(prefix)];
  const ring = keyRing(keys);
  return {
    ...canary(redis, prefix, keys, async () => {
      await looking();
      return tallySealed(redis, kinds, ring);
    }),
    reseal: () => resealAll(redis, kinds, ring),
  };
}

async function namedIn(prefix: string): Promise<string[]> {
  return keyIdsIn((await redis.get(`${prefix}canary`)) ?? '');
}

const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'wrong_setting',
    message: expect.stringMatching(message) as unknown,
  });

describe('admit', () => {
  it('names the first key alone where nothing is stored', async () => {
    const prefix = newPrefix();

    await canaryFor(prefix, [newKey, oldKey]).admit();

    expect(await namedIn(prefix)).toEqual(['k2']);
  });

  it('lets in a ring that opens all, and names its first key beside the others', async () => {
    const prefix = newPrefix();
    await canaryFor(prefix, [oldKey]).admit();

    await canaryFor(prefix, [newKey, oldKey]).admit();
    await canaryFor(prefix, [oldKey, newKey]).admit();

    expect(await namedIn(prefix)).toEqual(['k1', 'k2']);
  });

  const strangers: Record<string, [keys: NamedKey[], says: RegExp]> = {
    'without the key': [[newKey], /^ENCRYPTION_KEYS lacks the key k1, [^=]*\.$/],
    'with another key of its id': [
      [{ ...oldKey, key: newKey.key }],
      /^ENCRYPTION_KEYS holds another key as k1 [^=]*\.$/,
    ],
    'with another key of its id behind a new one': [
      [newKey, { ...oldKey, key: Buffer.alloc(32, 9) }],
      /^ENCRYPTION_KEYS holds another key as k1 [^=]*\.$/,
    ],
  };
  for (const [what, [keys, says]] of Object.entries(strangers)) {
    it(`refuses a ring ${what}, and writes nothing`, async () => {
      const prefix = newPrefix();
      await canaryFor(prefix, [oldKey]).admit();
      const before = await redis.get(`${prefix}canary`);

      await expect(canaryFor(prefix, keys).admit()).rejects.toEqual(refusal(says));

      expect(await redis.get(`${prefix}canary`)).toBe(before);
    });

    it(`refuses a ring ${what} by the data, where there is no canary yet`, async () => {
      const prefix = newPrefix();
      await storesWith(redis, prefix, [oldKey]).connect();

      await expect(canaryFor(prefix, keys).admit()).rejects.toEqual(refusal(says));

      expect(await redis.get(`${prefix}canary`)).toBeNull();
    });
  }

  it('names every key that has sealed something, where there is no canary yet', async () => {
    const prefix = newPrefix();
    await storesWith(redis, prefix, [oldKey]).connect();

    await canaryFor(prefix, [testKey(3), newKey, oldKey]).admit();

    expect(await namedIn(prefix)).toEqual(['k1', 'k3']);
  });

  it('lets one of many that start at once with different keys of one id in', async () => {
    const prefix = newPrefix();
    const rings = Array.from({ length: 8 }, (_, at) => [{ id: 'k', key: Buffer.alloc(32, at) }]);

    const outcomes = await Promise.allSettled(rings.map((keys) => canaryFor(prefix, keys).admit()));

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('loses nobody of many that start at once with one ring', async () => {
    const prefix = newPrefix();
    const keys = Array.from({ length: 8 }, (_, at) => testKey(at + 1));
    const rings = keys.map((key) => [key, ...keys.filter((other) => other !== key)]);

    await Promise.all(rings.map((ring) => canaryFor(prefix, ring).admit()));

    expect(await namedIn(prefix)).toHaveLength(8);
  });
});

describe('retire', () => {
  it('keeps a key that still seals a record', async () => {
    const prefix = newPrefix();
    await canaryFor(prefix, [oldKey]).admit();
    await storesWith(redis, prefix, [oldKey]).connect();
    const rotated = canaryFor(prefix, [newKey, oldKey]);
    await rotated.admit();

    const { left, retired } = await rotated.retire();

    expect(retired).toEqual([]);
    expect(left.keys.get('k1')).toMatchObject({ credential: 1 });
    await expect(canaryFor(prefix, [newKey]).admit()).rejects.toEqual(refusal(/lacks the key k1/));
  });

  it('lets a key go that seals nothing any more, and a ring without it in', async () => {
    const prefix = newPrefix();
    await canaryFor(prefix, [oldKey]).admit();
    await storesWith(redis, prefix, [oldKey]).connect();
    const rotated = canaryFor(prefix, [newKey, oldKey]);
    await rotated.admit();
    await rotated.reseal();

    const { retired } = await rotated.retire();

    expect(retired).toEqual(['k1']);
    await canaryFor(prefix, [newKey]).admit();
    await expect(canaryFor(prefix, [oldKey]).admit()).rejects.toEqual(refusal(/lacks the key k2/));
  });

  it('keeps every key while a record is unreadable', async () => {
    const prefix = newPrefix();
    await canaryFor(prefix, [oldKey]).admit();
    const rotated = canaryFor(prefix, [newKey, oldKey]);
    await rotated.admit();
    await redis.set(`${prefix}credential:{${'a'.repeat(32)}}`, '{"version":2,"from":"later"}');

    const { left, retired } = await rotated.retire();

    expect({ retired, unreadable: left.unreadable }).toEqual({
      retired: [],
      unreadable: [{ kind: 'credential', id: 'a'.repeat(32) }],
    });
  });

  it('keeps the key of an app that starts and seals while it looks', async () => {
    const prefix = newPrefix();
    await canaryFor(prefix, [oldKey]).admit();
    await canaryFor(prefix, [newKey, oldKey]).admit();
    let looks = 0;
    const rotated = canaryFor(prefix, [newKey, oldKey], async () => {
      looks += 1;
      if (looks === 1) await canaryFor(prefix, [oldKey, newKey]).admit();
      if (looks === 2) await storesWith(redis, prefix, [oldKey]).connect();
    });

    const { retired } = await rotated.retire();

    expect(looks).toBe(2);
    expect(retired).toEqual([]);
    expect(await namedIn(prefix)).toEqual(['k1', 'k2']);
  });
});

describe('forget', () => {
  it('lets a key go that is lost, and a ring without it in', async () => {
    const prefix = newPrefix();
    await canaryFor(prefix, [oldKey]).admit();

    expect(await canaryFor(prefix, [newKey]).forget('k1')).toBe(true);

    await canaryFor(prefix, [newKey]).admit();
    expect(await namedIn(prefix)).toEqual(['k2']);
  });

  it('does the same where there was no canary yet', async () => {
    const prefix = newPrefix();
    await storesWith(redis, prefix, [oldKey]).connect();

    expect(await canaryFor(prefix, [newKey]).forget('k1')).toBe(true);

    await canaryFor(prefix, [newKey]).admit();
  });

  it('forgets no key that is on the ring, and none it does not know', async () => {
    const prefix = newPrefix();
    const app = canaryFor(prefix, [newKey, oldKey]);
    await app.admit();

    expect([await app.forget('k2'), await app.forget('k9')]).toEqual([false, false]);
    expect(await namedIn(prefix)).toEqual(['k2']);
  });
});
