import { describe, expect, it } from '@jest/globals';
import { candidatePlace } from '../../../src/activation/places.js';
import { replaySpool } from '../../../src/activation/exchange/replay-spool.js';
import type { SpoolEntry } from '../../../src/activation/exchange/spool.js';
import { credentialStore } from '../../../src/credentials/credential-store.js';
import { keyRing } from '../../../src/credentials/key-ring.js';
import { grantedCredential, secretsOf } from '../../console/operators.js';
import { startApp, type TestApp } from '../../support/start-app.js';
import { keyIdsIn, storesWith, testKey } from '../../support/sealed-data.js';

const oldKey = testKey(1);

/** An app with files in its spool that were written when another key sealed; `rings` with that key behind, and without. */
async function appWithOldFiles() {
  const app = await startApp();
  const appKey = { id: 'test', key: Buffer.alloc(32, 7) };
  const { receive } = storesWith(app.redis, app.prefix, [appKey]);
  const granted = grantedCredential();
  const { consumerKey } = await receive();
  await app.deps.spool.keep(grantEntry(app, granted));
  await app.deps.spool.keep(tokenEntry(consumerKey));
  const replay = (...keys: Parameters<typeof keyRing>[0]) =>
    replaySpool({ ...app.deps, ring: keyRing([appKey, ...keys]) });
  return { app, granted, consumerKey, replay };
}

function grantEntry(
  { redis, prefix }: TestApp,
  granted: ReturnType<typeof grantedCredential>,
): SpoolEntry {
  const credential = credentialStore(redis, prefix, keyRing([oldKey])).seal(granted);
  const { consumerKey, account } = granted;
  const obtainedAt = granted.connectedAt;
  return {
    ...{ kind: 'grant', consumerKey, account, generation: 0 },
    ...{ candidateId: 'c', obtainedAt, credential },
  };
}

function tokenEntry(consumerKey: string): SpoolEntry {
  const storeBaseUrl = 'https://shop.example/';
  const { seal } = keyRing([oldKey]);
  const place = candidatePlace(consumerKey, storeBaseUrl);
  const heldToken = {
    storeBaseUrl,
    obtainedAt: new Date(),
    consumerSecret: seal('the consumer secret', place('requestToken.consumerSecret')),
    token: seal('the request token', place('requestToken')),
    tokenSecret: seal('its secret', place('requestTokenSecret')),
    verifiers: [
      { candidateId: 'c', verifier: seal('the verifier', place('requestToken.verifier')) },
    ],
  };
  return { kind: 'request-token', consumerKey, account: 'mia', generation: 0, heldToken };
}

describe('a spool that was written when another key sealed', () => {
  it('is stored under the key that seals now', async () => {
    const { app, granted, consumerKey, replay } = await appWithOldFiles();

    await replay(oldKey);

    const { credentials, activations, spool, ring } = app.deps;
    const credential = await credentials.find(granted.consumerKey);
    const activation = await activations.find(consumerKey);
    const place = candidatePlace(consumerKey, 'https://shop.example/');
    expect(keyIdsIn(JSON.stringify([credential, activation]))).toEqual(['test']);
    expect(Object.values(credentials.open(credential!))).toEqual(secretsOf(granted));
    if (activation?.state !== 'authorized') throw new Error('no token is held');
    expect(ring.open(activation.heldToken.token, place('requestToken'))).toBe('the request token');
    expect(await spool.names()).toEqual([]);
  });

  it('waits while the ring lacks that key', async () => {
    const { app, granted, consumerKey, replay } = await appWithOldFiles();

    await replay();

    const { credentials, activations, spool } = app.deps;
    expect(await credentials.find(granted.consumerKey)).toBeUndefined();
    expect(await activations.find(consumerKey)).toMatchObject({ state: 'received' });
    expect(await spool.names()).toHaveLength(2);
    expect(app.logged().match(/"event":"spool_waits"/g)).toHaveLength(2);
  });
});
