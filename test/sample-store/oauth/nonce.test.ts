import { describe, expect, it } from '@jest/globals';
import type { Release } from '../../../src/sample-store/releases.js';
import { activatedStore } from '../activated-store.js';
import {
  authorization,
  type Credentials,
  parametersFor,
  problemIn,
  type Reply,
  send,
} from '../third-party.js';

async function storeAsked(release: Release = '2.4.8') {
  const { store, clock, credentials } = await activatedStore({ release });
  const { consumerKey, consumerSecret } = credentials();
  const signer: Credentials = { consumerKey, consumerSecret };
  const call = { storeUrl: store.url, target: '/oauth/token/request' };

  function ask(changes: Record<string, string>, secret = consumerSecret): Promise<Reply> {
    const parameters = { ...parametersFor(signer, clock.now()), ...changes };
    const header = authorization(call, { ...signer, consumerSecret: secret }, parameters);
    return send({ ...call, headers: { Authorization: header } });
  }

  const seconds = (ahead: number) => String(clock.now().getTime() / 1000 + ahead);
  return { store, signer, call, ask, seconds };
}

const nonceError = 'An error occurred validating the nonce';

describe('a nonce', () => {
  it('is burnt by a call whose signature is refused', async () => {
    const { ask } = await storeAsked();
    await ask({ oauth_nonce: 'once' }, 'wrong secret');

    const reply = await ask({ oauth_nonce: 'once' });

    expect(problemIn(reply)).toBe('The nonce is already being used by the consumer with ID 1');
  });

  it('is burnt in capitals, too', async () => {
    const { ask } = await storeAsked();
    await ask({ oauth_nonce: 'once' }, 'wrong secret');

    expect(problemIn(await ask({ oauth_nonce: 'ONCE' }))).toMatch(/already being used/);
  });

  it('is burnt for one consumer only', async () => {
    const { store, ask, call } = await storeAsked();
    await ask({ oauth_nonce: 'once' }, 'wrong secret');
    const other = store.addIntegration({ ...store.integrations()[0]!, name: 'Other' });
    await store.activate(other.id);

    const parameters = { ...parametersFor(other, other.updatedAt), oauth_nonce: 'once' };
    const Authorization = authorization(call, other, parameters);
    const reply = await send({ ...call, headers: { Authorization } });

    expect(reply.status).toBe(200);
  });

  it('is not burnt by a call whose timestamp is refused', async () => {
    const { ask, seconds } = await storeAsked();
    await ask({ oauth_nonce: 'once', oauth_timestamp: seconds(601) });

    expect(await ask({ oauth_nonce: 'once' })).toMatchObject({ status: 200 });
  });

  for (const [nonce, status] of [
    ['x'.repeat(32), 200],
    ['x'.repeat(33), 401],
    ['+'.repeat(10), 200],
    ['+'.repeat(11), 401], // three characters each, once percent-encoded
  ] as const) {
    it(`of "${nonce}" is answered ${status}`, async () => {
      const { ask } = await storeAsked();

      expect(await ask({ oauth_nonce: nonce })).toMatchObject({ status });
    });
  }
});

describe('a nonce of characters that need escapes', () => {
  for (const release of ['2.3.7', '2.4.3', '2.4.5', '2.4.7'] as const) {
    it(`does not grow in ${release}`, async () => {
      const { ask } = await storeAsked(release);

      expect(await ask({ oauth_nonce: '+'.repeat(32) })).toMatchObject({ status: 200 });
      expect(await ask({ oauth_nonce: '+'.repeat(33) })).toMatchObject({ status: 401 });
    });
  }
});

describe('a timestamp', () => {
  for (const ahead of [600, -100_000]) {
    it(`${ahead} seconds ahead is taken`, async () => {
      const { ask, seconds } = await storeAsked();

      expect(await ask({ oauth_timestamp: seconds(ahead) })).toMatchObject({ status: 200 });
    });
  }

  for (const timestamp of ['0', '-5', 'soon', '1893456000000']) {
    it(`of ${timestamp} is refused as if the nonce were at fault`, async () => {
      const { ask } = await storeAsked();

      const reply = await ask({ oauth_timestamp: timestamp });

      expect(reply.status).toBe(401);
      expect(problemIn(reply)).toBe(nonceError);
    });
  }

  it('601 seconds ahead is refused', async () => {
    const { ask, seconds } = await storeAsked();

    expect(problemIn(await ask({ oauth_timestamp: seconds(601) }))).toBe(nonceError);
  });
});

describe('the Date of an answer', () => {
  it("is the store's own clock", async () => {
    const { ask } = await storeAsked();

    const reply = await ask({});

    expect(reply.headers.date).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
  });
});
