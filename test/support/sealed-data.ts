import type { Redis } from 'ioredis';
import { activationStore } from '../../src/activation/activation-store.js';
import { pendingLimits } from '../../src/activation/pending-limits.js';
import { candidatePlace } from '../../src/activation/places.js';
import { receiveActivation } from '../../src/activation/receive-activation.js';
import { credentialStore } from '../../src/credentials/credential-store.js';
import { keyRing, type NamedKey } from '../../src/credentials/key-ring.js';
import { replaceRecords } from '../../src/credentials/replace-records.js';
import { randomNonce } from '../../src/magento/nonce.js';

/** A key whose 32 bytes are all this number, which names it, too. */
export function testKey(number: number): NamedKey {
  return { id: `k${number}`, key: Buffer.alloc(32, number) };
}

/** These keys as `ENCRYPTION_KEYS` has them. */
export function encryptionKeys(...keys: readonly NamedKey[]): string {
  return keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
}

/** The stores of an app whose ring has these keys. */
export function storesWith(redis: Redis, prefix: string, keys: readonly NamedKey[]) {
  const ring = keyRing(keys);
  const now = () => new Date();
  const activations = activationStore(redis, prefix, now);
  const credentials = credentialStore(redis, prefix, ring);
  const pending = pendingLimits(redis, prefix, { max: 10_000, now });
  const replace = replaceRecords(redis);

  return {
    ring,
    activations,
    credentials,

    /** Connects a store. Answers its consumer key and the secrets. */
    connect: async (consumerKey: string = randomNonce()) => {
      const secrets = {
        consumerSecret: randomNonce(),
        accessToken: randomNonce(),
        accessTokenSecret: randomNonce(),
      };
      const facts = {
        consumerKey,
        storeBaseUrl: 'https://shop.example/',
        account: 'mia@merchant.example',
        connectedAt: now(),
      };
      const granted = credentials.seal({ ...facts, ...secrets });
      while (!(await replace(await credentials.changeTo(granted))));
      return { consumerKey, secrets };
    },

    /** Takes an activation POST. Answers the consumer key and the secrets. */
    receive: async (consumerKey: string = randomNonce()) => {
      const secrets = { consumerSecret: randomNonce(), verifier: randomNonce() };
      const fields = { consumerKey, storeBaseUrl: 'https://shop.example/', ...secrets };
      const deps = { activations, credentials, pending, ring, now };
      await receiveActivation(deps, fields, '192.0.2.1');
      return { consumerKey, secrets };
    },

    /** Has the activation hold a request token, as after a failed access call. Answers the token's secrets. */
    hold: async (consumerKey: string) => {
      const secrets = {
        consumerSecret: randomNonce(),
        token: randomNonce(),
        tokenSecret: randomNonce(),
        verifier: randomNonce(),
      };
      const storeBaseUrl = 'https://shop.example/';
      const place = candidatePlace(consumerKey, storeBaseUrl);
      await activations.change(consumerKey, (current) =>
        current?.state === 'received'
          ? {
              ...current,
              version: current.version + 1,
              heldToken: {
                storeBaseUrl,
                obtainedAt: now(),
                consumerSecret: ring.seal(
                  secrets.consumerSecret,
                  place('requestToken.consumerSecret'),
                ),
                token: ring.seal(secrets.token, place('requestToken')),
                tokenSecret: ring.seal(secrets.tokenSecret, place('requestTokenSecret')),
                verifiers: [
                  {
                    candidateId: current.candidates[0]?.id ?? '',
                    verifier: ring.seal(secrets.verifier, place('requestToken.verifier')),
                  },
                ],
              },
            }
          : undefined,
      );
      return secrets;
    },
  };
}

/** The ids of the keys that stand in a text, once each. */
export function keyIdsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/"v1\.([\w-]+)\./g)].map(([, id = '']) => id))].sort();
}
