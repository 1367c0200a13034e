import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { credentialStore, type GrantedCredential } from '../../src/credentials/credential-store.js';
import { keyRing } from '../../src/credentials/key-ring.js';
import { replaceRecords } from '../../src/credentials/replace-records.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { startRedis } from '../support/start-redis.js';

const redis = (await startRedis()).client();
const replace = replaceRecords(redis);
const ring = keyRing([{ id: 'test', key: Buffer.alloc(32, 7) }]);
const at = new Date('2026-11-23T12:00:00Z');

function newStore() {
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  return { prefix, store: credentialStore(redis, prefix, ring) };
}

type Store = ReturnType<typeof newStore>['store'];

function granted(changes: Partial<GrantedCredential> = {}): GrantedCredential {
  return {
    consumerKey: randomNonce(),
    consumerSecret: randomNonce(),
    accessToken: randomNonce(),
    accessTokenSecret: randomNonce(),
    storeBaseUrl: 'https://shop.example/',
    account: 'mia@merchant.example',
    connectedAt: at,
    ...changes,
  };
}

async function keep(store: Store, changes: Partial<GrantedCredential> = {}) {
  const credential = granted(changes);
  expect(await replace(await store.changeTo(store.seal(credential)))).toBe(true);
  return credential;
}

async function found(store: Store, { consumerKey }: { readonly consumerKey: string }) {
  const credential = await store.find(consumerKey);
  if (!credential) throw new Error('there is no such credential');
  return credential;
}

describe('changeTo', () => {
  it('stores the facts in clear and the secrets sealed', async () => {
    const { store, prefix } = newStore();

    const credential = await keep(store);

    const text = await redis.get(`${prefix}credential:{${credential.consumerKey}}`);
    const { consumerSecret, accessToken, accessTokenSecret, ...facts } = credential;
    for (const secret of [consumerSecret, accessToken, accessTokenSecret]) {
      expect(text).not.toContain(secret);
    }
    expect(await store.find(credential.consumerKey)).toMatchObject({ ...facts, version: 1 });
    expect(store.open(await found(store, credential))).toEqual({
      consumerSecret,
      accessToken,
      accessTokenSecret,
    });
  });

  it('replaces an earlier credential of the same consumer key, and its check', async () => {
    const { store } = newStore();
    const first = await keep(store);
    const lastCheck = { at, result: 'connected', detail: 'Yes.' } as const;
    await store.recordCheck(await found(store, first), lastCheck);

    const second = await keep(store, { consumerKey: first.consumerKey });

    const now = await found(store, first);
    expect(now).toMatchObject({ version: 3 });
    expect(now).not.toHaveProperty('lastCheck');
    expect(store.open(now).accessToken).toBe(second.accessToken);
    expect(await store.list()).toHaveLength(1);
  });

  it('lets one of two that were prepared at the same time win', async () => {
    const { store } = newStore();
    const { consumerKey } = await keep(store);
    const changes = await Promise.all(
      Array.from({ length: 10 }, () => store.changeTo(store.seal(granted({ consumerKey })))),
    );

    const outcomes = await Promise.all(changes.map((change) => replace(change)));

    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await store.find(consumerKey)).toMatchObject({ version: 2 });
  });
});

describe('open', () => {
  it('refuses a secret that was copied from another record', async () => {
    const { store } = newStore();
    const mine = await found(store, await keep(store));
    const theirs = await found(store, await keep(store));

    const forged = { ...mine, accessToken: theirs.accessToken };

    expect(() => store.open(forged)).toThrow(
      expect.objectContaining({ code: 'sealed_unreadable' }),
    );
  });

  it('refuses a record whose address was changed to another host', async () => {
    const { store } = newStore();
    const credential = await found(store, await keep(store));

    const forged = { ...credential, storeBaseUrl: 'https://evil.example/' };

    expect(() => store.open(forged)).toThrow(
      expect.objectContaining({ code: 'sealed_unreadable' }),
    );
  });
});

describe('list', () => {
  it('is sorted by host', async () => {
    const { store } = newStore();
    for (const host of ['m.example', 'z.example', 'a.example']) {
      await keep(store, { storeBaseUrl: `https://${host}/` });
    }

    const hosts = (await store.list()).map(({ storeBaseUrl }) => new URL(storeBaseUrl).host);

    expect(hosts).toEqual(['a.example', 'm.example', 'z.example']);
  });

  it('has two integrations of one store', async () => {
    const { store } = newStore();
    await keep(store);
    await keep(store);

    expect(await store.list()).toHaveLength(2);
  });

  it('leaves out a credential that was announced and never stored', async () => {
    const { store } = newStore();
    await store.changeTo(store.seal(granted()));

    expect(await store.list()).toEqual([]);
  });

  it('has a store that moved once, at its new host', async () => {
    const { store } = newStore();
    const { consumerKey } = await keep(store, { storeBaseUrl: 'https://old.example/' });

    await keep(store, { consumerKey, storeBaseUrl: 'https://new.example/' });

    expect(await store.list()).toMatchObject([{ storeBaseUrl: 'https://new.example/' }]);
  });
});

describe('recordCheck', () => {
  const lastCheck = { at, result: 'connected', detail: 'The store answers signed calls.' } as const;

  it('notes the check and nothing else', async () => {
    const { store } = newStore();
    const before = await found(store, await keep(store));

    await store.recordCheck(before, lastCheck);

    expect(await store.find(before.consumerKey)).toEqual({
      ...before,
      version: 2,
      lastCheck,
    });
  });

  it('is ignored when the token was replaced since', async () => {
    const { store } = newStore();
    const credential = await keep(store);
    const checked = await found(store, credential);
    await keep(store, { consumerKey: credential.consumerKey });

    await store.recordCheck(checked, lastCheck);

    expect(await store.find(credential.consumerKey)).not.toHaveProperty('lastCheck');
  });

  it('does not bring back a store that was disconnected since', async () => {
    const { store } = newStore();
    const checked = await found(store, await keep(store));
    await replace(store.changeToNone(checked));

    await store.recordCheck(checked, lastCheck);

    expect(await store.find(checked.consumerKey)).toBeUndefined();
  });

  it('counts all of twenty at the same time', async () => {
    const { store } = newStore();
    const checked = await found(store, await keep(store));

    await Promise.all(Array.from({ length: 20 }, () => store.recordCheck(checked, lastCheck)));

    expect(await store.find(checked.consumerKey)).toMatchObject({ version: 21, lastCheck });
  });
});

describe('rememberReturn', () => {
  const admin = 'https://admin.example';
  const agreed = { storeOrigin: 'https://shop.example', returnOrigin: admin };

  it('is kept beside what the store granted, once', async () => {
    const { store } = newStore();
    const credential = await keep(store);
    const before = await found(store, credential);
    await store.rememberReturn(credential.consumerKey, agreed);

    await store.rememberReturn(credential.consumerKey, agreed);

    const after = await found(store, credential);
    expect(before).not.toHaveProperty('returnOrigins');
    expect(after).toEqual({ ...before, returnOrigins: [admin], version: 2 });
  });

  it('outlives a check, and the next grant of the same store', async () => {
    const { store } = newStore();
    const credential = await keep(store);
    await store.rememberReturn(credential.consumerKey, agreed);
    const check = { result: 'connected' as const, detail: '', at };
    await store.recordCheck(await found(store, credential), check);

    const path = { storeBaseUrl: 'https://shop.example/index.php/' };
    const { consumerKey } = await keep(store, { consumerKey: credential.consumerKey, ...path });

    expect((await found(store, { consumerKey })).returnOrigins).toEqual([admin]);
  });

  it('ends with the grant of another store', async () => {
    const { store } = newStore();
    const { consumerKey } = await keep(store);
    await store.rememberReturn(consumerKey, agreed);

    await keep(store, { consumerKey, storeBaseUrl: 'https://shop.example:8443/' });

    expect((await found(store, { consumerKey })).returnOrigins).toBeUndefined();
  });

  it('does nothing where the store is gone, or is another by now', async () => {
    const { store, prefix } = newStore();
    const credential = await keep(store);
    const before = await found(store, credential);

    await store.rememberReturn('0'.repeat(32), agreed);
    await store.rememberReturn(credential.consumerKey, {
      ...agreed,
      storeOrigin: 'http://shop.example',
    });

    expect(await found(store, credential)).toEqual(before);
    expect(await redis.keys(`${prefix}credential:*`)).toHaveLength(1);
  });

  it('lets none go that is noted at the same time, and keeps the five last', async () => {
    const { store } = newStore();
    const { consumerKey } = await keep(store);
    const five = [1, 2, 3, 4, 5].map((n) => `https://admin${n}.example`);
    await store.rememberReturn(consumerKey, agreed);

    await Promise.all(
      five.map((returnOrigin) => store.rememberReturn(consumerKey, { ...agreed, returnOrigin })),
    );

    expect((await found(store, { consumerKey })).returnOrigins?.toSorted()).toEqual(five);
  });
});

describe('listOf', () => {
  const other = { account: 'max@merchant.example' };

  it("has an account's own stores alone, by host", async () => {
    const { store } = newStore();
    const last = await keep(store, { storeBaseUrl: 'https://z.example/' });
    await keep(store, other);
    const first = await keep(store, { storeBaseUrl: 'https://a.example/' });

    const own = await store.listOf(first.account);

    expect(own.map(({ consumerKey }) => consumerKey)).toEqual([
      first.consumerKey,
      last.consumerKey,
    ]);
    expect(await store.listOf('nobody')).toEqual([]);
  });

  it('loses a store that is forgotten, that has moved, or that is connected by another account', async () => {
    const { store } = newStore();
    const [gone, moved, taken] = [await keep(store), await keep(store), await keep(store)];
    const credential = await found(store, gone);
    await replace(store.changeToNone(credential));
    await store.unlist(credential);

    await keep(store, { consumerKey: moved.consumerKey, storeBaseUrl: 'https://new.example/' });
    await keep(store, { consumerKey: taken.consumerKey, ...other });

    expect(await store.listOf(gone.account)).toMatchObject([
      { storeBaseUrl: 'https://new.example/' },
    ]);
    expect(await store.listOf(other.account)).toMatchObject([{ consumerKey: taken.consumerKey }]);
  });

  it('is made from the list of all where a release kept none', async () => {
    const { store, prefix } = newStore();
    const { account, consumerKey } = await keep(store);
    await keep(store, other);
    await redis.del(`${prefix}credentials-of:{${account}}`);
    expect(await store.listOf(account)).toEqual([]);

    await store.completeLists();

    expect(await store.listOf(account)).toMatchObject([{ consumerKey }]);
  });
});

describe('changeToNone', () => {
  it('forgets the credential, and its place in the list when it is taken off', async () => {
    const { store, prefix } = newStore();
    const credential = await found(store, await keep(store));
    const other = await keep(store);

    expect(await replace(store.changeToNone(credential))).toBe(true);
    await store.unlist(credential);

    expect(await store.find(credential.consumerKey)).toBeUndefined();
    expect(await store.list()).toMatchObject([{ consumerKey: other.consumerKey }]);
    expect(await redis.zcard(`${prefix}credentials`)).toBe(1);
    expect(await redis.zcard(`${prefix}credentials-of:{${other.account}}`)).toBe(1);
  });

  it('leaves one that has changed since it was read', async () => {
    const { store } = newStore();
    const credential = await found(store, await keep(store));
    await keep(store, { consumerKey: credential.consumerKey });

    expect(await replace(store.changeToNone(credential))).toBe(false);

    expect(await store.find(credential.consumerKey)).toMatchObject({ version: 2 });
  });
});

describe('replaceRecords', () => {
  function twoKeys() {
    const tag = `test-${randomBytes(6).toString('hex')}:{x}`;
    return { a: `${tag}:a`, b: `${tag}:b` };
  }

  const create = (key: string) => ({ key, expected: { version: 0 }, record: { version: 1 } });

  it('makes both of two changes', async () => {
    const { a, b } = twoKeys();

    expect(await replace(create(a), create(b))).toBe(true);

    expect(await redis.mget(a, b)).toEqual(['{"version":1}', '{"version":1}']);
  });

  it('makes neither when the second is out of date', async () => {
    const { a, b } = twoKeys();
    await replace(create(b));

    expect(await replace(create(a), create(b))).toBe(false);

    expect(await redis.mget(a, b)).toEqual([null, '{"version":1}']);
  });

  it('does not bring back a record that is gone', async () => {
    const { a } = twoKeys();

    expect(await replace({ key: a, expected: { version: 1 }, record: { version: 2 } })).toBe(false);

    expect(await redis.exists(a)).toBe(0);
  });

  it('refuses a record in another state, whatever its version', async () => {
    const { a } = twoKeys();
    const change = (state: string) => ({
      key: a,
      expected: { version: 1, state },
      record: { version: 2, state: 'authorized' },
    });
    await redis.set(a, JSON.stringify({ version: 1, state: 'received' }));

    expect(await replace(change('exchanging'))).toBe(false);
    expect(await replace(change('received'))).toBe(true);
  });

  it('lets a record live as long as it is told, and for ever without', async () => {
    const { a, b } = twoKeys();

    await replace({ ...create(a), lifeMs: 60_000 }, create(b));

    expect(await redis.pttl(a)).toBeGreaterThan(50_000);
    expect(await redis.pttl(b)).toBe(-1);
  });

  it('loses none of fifty concurrent changes', async () => {
    const { a } = twoKeys();
    await replace({ ...create(a), record: { version: 1 } });
    const increase = async (): Promise<void> => {
      const { version } = JSON.parse((await redis.get(a)) ?? '') as { version: number };
      const change = { key: a, expected: { version }, record: { version: version + 1 } };
      if (!(await replace(change))) await increase();
    };

    await Promise.all(Array.from({ length: 50 }, increase));

    expect(await redis.get(a)).toBe('{"version":51}');
  });
});
