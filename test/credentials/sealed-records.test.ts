import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sealedCredentials } from '../../src/credentials/credential.js';
import { keyRing } from '../../src/credentials/key-ring.js';
import { resealAll, tallySealed, type SealedKind } from '../../src/credentials/sealed-records.js';
import { keyIdsIn, storesWith, testKey } from '../support/sealed-data.js';
import { startRedis } from '../support/start-redis.js';

const redis = (await startRedis()).client();
const [oldKey, newKey] = [testKey(1), testKey(2)];
const ring = keyRing([newKey, oldKey]);

function newPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}:`;
}

function reseal(prefix: string, kind: SealedKind = sealedCredentials(prefix)) {
  return resealAll(redis, [kind], ring);
}

async function textOf(prefix: string, consumerKey: string): Promise<string> {
  return (await redis.get(`${prefix}credential:{${consumerKey}}`)) ?? '';
}

describe('resealAll', () => {
  it('seals credentials anew, each with another version and the same secrets', async () => {
    const prefix = newPrefix();
    const first = await storesWith(redis, prefix, [oldKey]).connect();
    const second = await storesWith(redis, prefix, [oldKey]).connect();

    const done = await reseal(prefix);

    const { credentials } = storesWith(redis, prefix, [newKey]);
    expect(done).toEqual({ seen: 2, resealed: 2, already: 0, unreadable: [] });
    for (const { consumerKey, secrets } of [first, second]) {
      const credential = await credentials.find(consumerKey);
      expect(credential).toMatchObject({ version: 2, account: 'mia@merchant.example' });
      expect(credentials.open(credential!)).toEqual(secrets);
      expect(keyIdsIn(await textOf(prefix, consumerKey))).toEqual(['k2']);
    }
  });

  it('has nothing left to do the second time', async () => {
    const prefix = newPrefix();
    const { consumerKey } = await storesWith(redis, prefix, [oldKey]).connect();
    await reseal(prefix);
    const before = await textOf(prefix, consumerKey);

    const done = await reseal(prefix);

    expect(done).toEqual({ seen: 1, resealed: 0, already: 1, unreadable: [] });
    expect(await textOf(prefix, consumerKey)).toBe(before);
  });

  it('keeps the time each record has left, and gives none to one without', async () => {
    const prefix = newPrefix();
    const { connect } = storesWith(redis, prefix, [oldKey]);
    const [mortal, immortal] = [await connect(), await connect()];
    const key = `${prefix}credential:{${mortal.consumerKey}}`;
    await redis.pexpire(key, 600_000);
    const ends = await redis.pexpiretime(key);

    await reseal(prefix);

    expect(await redis.pexpiretime(key)).toBe(ends);
    expect(await redis.pttl(`${prefix}credential:{${immortal.consumerKey}}`)).toBe(-1);
    expect(keyIdsIn(await textOf(prefix, mortal.consumerKey))).toEqual(['k2']);
  });

  it('reads again and tries again when somebody else changes the record first', async () => {
    const prefix = newPrefix();
    const { connect, credentials } = storesWith(redis, prefix, [oldKey]);
    const { consumerKey } = await connect();
    const checked = (await credentials.find(consumerKey))!;
    const kind = sealedCredentials(prefix);
    let reads = 0;
    const check = { at: new Date(), result: 'connected', detail: 'Yes.' } as const;
    const slow: SealedKind = {
      ...kind,
      map(json, change) {
        reads += 1;
        // Sent ahead of the replacement that follows from this reading.
        if (reads === 1) void redis.set(keyOf(prefix, consumerKey), JSON.stringify(next));
        return kind.map(json, change);
      },
    };
    const next = { ...checked, version: 2, lastCheck: check };

    const done = await reseal(prefix, slow);

    expect(reads).toBe(2);
    expect(done).toEqual({ seen: 1, resealed: 1, already: 0, unreadable: [] });
    expect(await credentials.find(consumerKey)).toMatchObject({ version: 3, lastCheck: check });
    expect(keyIdsIn(await textOf(prefix, consumerKey))).toEqual(['k2']);
  });

  it('leaves what it cannot open as it is, and names it', async () => {
    const prefix = newPrefix();
    const { connect } = storesWith(redis, prefix, [oldKey]);
    const stranger = await storesWith(redis, prefix, [testKey(3)]).connect();
    const [moved, broken] = [await connect(), await connect()];
    await redis.set(keyOf(prefix, broken.consumerKey), '{"version":1');
    const forged = (await textOf(prefix, moved.consumerKey)).replace('shop.', 'evil.');
    await redis.set(keyOf(prefix, moved.consumerKey), forged);
    await connect();

    const done = await reseal(prefix);

    const names = [stranger, moved, broken].map(({ consumerKey }) => consumerKey);
    expect(done).toMatchObject({ seen: 4, resealed: 1, already: 0 });
    expect(done.unreadable.map(({ id }) => id).sort()).toEqual(names.sort());
    expect(await textOf(prefix, moved.consumerKey)).toBe(forged);
  });

  it('takes a prefix by the letter', async () => {
    const prefix = `${newPrefix()}[a]*?\\:`;
    await storesWith(redis, prefix, [oldKey]).connect();
    await storesWith(redis, prefix.replace('[a]*?', 'axx'), [oldKey]).connect();

    const done = await reseal(prefix);

    expect(done).toMatchObject({ seen: 1, resealed: 1 });
  });

  it('gets to thousands of records', async () => {
    const prefix = newPrefix();
    const { connect } = storesWith(redis, prefix, [oldKey]);
    await Promise.all(Array.from({ length: 2_000 }, () => connect()));

    const done = await reseal(prefix);

    expect(done).toEqual({ seen: 2_000, resealed: 2_000, already: 0, unreadable: [] });
  });
});

describe('tallySealed', () => {
  it('counts records and values by key, and names what does not open', async () => {
    const prefix = newPrefix();
    await storesWith(redis, prefix, [oldKey]).connect();
    await storesWith(redis, prefix, [newKey]).connect();
    await storesWith(redis, prefix, [newKey]).connect();
    const stranger = await storesWith(redis, prefix, [testKey(3)]).connect();

    const { records, keys, unreadable } = await tallySealed(
      redis,
      [sealedCredentials(prefix)],
      ring,
    );

    expect(records).toBe(4);
    expect(Object.fromEntries(keys)).toEqual({
      k1: { credential: 1, activation: 0, 'second-factor': 0, opened: 3 },
      k2: { credential: 2, activation: 0, 'second-factor': 0, opened: 6 },
      k3: { credential: 1, activation: 0, 'second-factor': 0, opened: 0 },
    });
    expect(unreadable).toEqual([{ kind: 'credential', id: stranger.consumerKey }]);
  });
});

describe('a check whose credential is sealed anew meanwhile', () => {
  it('is noted all the same', async () => {
    const prefix = newPrefix();
    const { connect, credentials } = storesWith(redis, prefix, [newKey, oldKey]);
    const { consumerKey } = await storesWith(redis, prefix, [oldKey]).connect();
    const checked = (await credentials.find(consumerKey))!;
    await reseal(prefix);

    await credentials.recordCheck(checked, { at: new Date(), result: 'connected', detail: 'Yes.' });

    expect(await credentials.find(consumerKey)).toMatchObject({ lastCheck: { detail: 'Yes.' } });
    await connect(consumerKey);
    await credentials.recordCheck(checked, { at: new Date(), result: 'refused', detail: 'No.' });
    expect(await credentials.find(consumerKey)).not.toHaveProperty('lastCheck');
  });
});

function keyOf(prefix: string, consumerKey: string): string {
  return `${prefix}credential:{${consumerKey}}`;
}
