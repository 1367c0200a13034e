import { describe, expect, it } from '@jest/globals';
import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { activatedStore } from '../activated-store.js';
import { type Call, sendSigned } from '../third-party.js';

async function asked(options: SampleStoreOptions, call: Partial<Call> = {}) {
  const { store, clock, credentials, integration } = await activatedStore(options);
  const { consumerKey, consumerSecret } = credentials();
  const whole = { storeUrl: store.url, target: '/oauth/token/request', ...call };
  const reply = await sendSigned(whole, { consumerKey, consumerSecret }, clock.now());
  return { store, reply, integration };
}

const behindTls = { 'X-Forwarded-Proto': 'https' };

describe('a POST over http', () => {
  it('is redirected to the base URL where the front end is https alone, and does nothing', async () => {
    const { store, reply, integration } = await asked({ redirectsToHttps: true });

    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe(
      `${store.url.replace('http:', 'https:')}oauth/token/request`,
    );
    expect(integration().tokens).toMatchObject([{ type: 'verifier' }]);
    expect(store.requests).toMatchObject([{ status: 302 }]);
  });

  it('is redirected to a base URL of any shape, without its query', async () => {
    const { reply } = await asked(
      { redirectsToHttps: true, baseUrl: () => 'http://shop.example/index.php/' },
      { target: '/index.php/oauth/token/request?a=1' },
    );

    expect(reply.headers.location).toBe('https://shop.example/index.php/oauth/token/request');
  });

  it('is answered where the front end takes http', async () => {
    expect((await asked({})).reply.status).toBe(200);
  });

  it('is answered at a foreign host', async () => {
    const headers = { Host: 'shop.example' };

    const { reply } = await asked({}, { headers });

    expect(reply.status).toBe(401);
  });
});

describe('a POST over https', () => {
  it('is not redirected', async () => {
    const { reply } = await asked({ redirectsToHttps: true }, { headers: behindTls });

    // It was signed for http.
    expect(reply.status).toBe(401);
  });
});

describe('a GET', () => {
  it('is answered at the base URL', async () => {
    expect((await asked({}, { method: 'GET' })).reply.status).toBe(200);
  });

  for (const [what, call] of [
    ['a foreign host', { headers: { Host: 'shop.example' } }],
    ['another scheme', { headers: behindTls }],
  ] as const) {
    it(`at ${what} is redirected to the base URL`, async () => {
      const { store, reply } = await asked({}, { method: 'GET', ...call });

      expect(reply.status).toBe(302);
      expect(reply.headers.location).toBe(`${store.url}oauth/token/request`);
    });
  }
});

describe('the access call', () => {
  it('is redirected to itself', async () => {
    const { store, reply } = await asked(
      { redirectsToHttps: true },
      { target: '/oauth/token/access' },
    );

    expect(reply.headers.location).toBe(
      `${store.url.replace('http:', 'https:')}oauth/token/access`,
    );
  });
});
