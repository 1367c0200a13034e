import { describe, expect, it } from '@jest/globals';
import { activatedStore } from '../activated-store.js';
import { authorization, type Call, parametersFor, problemIn, send } from '../third-party.js';

const form = 'application/x-www-form-urlencoded';

/** Signs a request-token call, and lets a test bend it before it is sent. */
async function bent(call: Partial<Call>, bend: (header: string) => Partial<Call>) {
  const { store, clock, credentials } = await activatedStore();
  const { consumerKey, consumerSecret } = credentials();
  const signer = { consumerKey, consumerSecret };
  const whole = { storeUrl: store.url, target: '/oauth/token/request', ...call };
  const header = authorization(whole, signer, parametersFor(signer, clock.now()));
  return send({ ...whole, ...bend(header) });
}

const asIs = (header: string) => ({ headers: { Authorization: header } });

describe('a token request is accepted', () => {
  for (const target of [
    '/oauth/token/request/',
    '/index.php/oauth/token/request',
    '/default/oauth/token/request',
    '/index.php/default/oauth/token/request',
    '/oauth/token/request?a=1&b=%20x',
  ]) {
    it(`at ${target}`, async () => {
      expect(await bent({ target }, asIs)).toMatchObject({ status: 200 });
    });
  }

  it('by GET, signed as GET', async () => {
    expect(await bent({ method: 'GET' }, asIs)).toMatchObject({ status: 200 });
  });

  it('behind Basic credentials in the same header', async () => {
    const reply = await bent({}, (header) => asIs(`Basic dXNlcjpwYXNz, ${header}`));

    expect(reply.status).toBe(200);
  });

  it('with "oauth" in any case', async () => {
    const reply = await bent({}, (header) => asIs(header.replace('OAuth', 'oAUTH')));

    expect(reply.status).toBe(200);
  });

  it('with a JSON body that nobody signed', async () => {
    const reply = await bent({}, (header) => ({
      headers: { Authorization: header, 'Content-Type': 'application/json' },
      body: '{"a":1}',
    }));

    expect(reply.status).toBe(200);
  });

  it('with OAuth parameters in a form body that the header makes superfluous', async () => {
    const reply = await bent({}, (header) => ({
      headers: { Authorization: header, 'Content-Type': form },
      body: 'oauth_callback=x',
    }));

    expect(reply.status).toBe(200);
  });

  it('with its OAuth parameters in a form body, if the header has the word alone', async () => {
    const reply = await bent({}, (header) => ({
      headers: { Authorization: 'OAuth x', 'Content-Type': form },
      body: unquoted(header),
    }));

    expect(reply.status).toBe(200);
  });

  it('with an array whose value has a raw =, which no signature covers', async () => {
    const reply = await bent({}, (header) => ({
      ...asIs(header),
      target: '/oauth/token/request?s[x]=a=b',
    }));

    expect(reply.status).toBe(200);
  });

  it('as https when the offloader header says so', async () => {
    const { store, clock, credentials } = await activatedStore();
    const { consumerKey, consumerSecret } = credentials();
    const signer = { consumerKey, consumerSecret };
    const call = { storeUrl: store.url, target: '/oauth/token/request' };
    const https = { ...call, storeUrl: store.url.replace('http:', 'https:') };
    const header = authorization(https, signer, parametersFor(signer, clock.now()));

    const headers = { Authorization: header, 'X-Forwarded-Proto': 'https' };

    expect(await send({ ...call, headers })).toMatchObject({ status: 200 });
  });
});

describe('a token request is refused', () => {
  const invalid = 'The signature is invalid. Verify and try again.';

  it('when an unsigned form body comes with it', async () => {
    const reply = await bent({}, (header) => ({
      headers: { Authorization: header, 'Content-Type': form },
      body: 'a=1',
    }));

    expect(problemIn(reply)).toBe(invalid);
  });

  it('when the query was changed on the way', async () => {
    const reply = await bent({ target: '/oauth/token/request?a=1' }, (header) => ({
      ...asIs(header),
      target: '/oauth/token/request?a=2',
    }));

    expect(problemIn(reply)).toBe(invalid);
  });

  it('when the method was changed on the way', async () => {
    const reply = await bent({}, (header) => ({ ...asIs(header), method: 'PUT' }));

    expect(problemIn(reply)).toBe(invalid);
  });

  it('when it was signed for another host', async () => {
    const reply = await bent({}, (header) => ({
      headers: { Authorization: header, Host: 'shop.example' },
    }));

    expect(problemIn(reply)).toBe(invalid);
  });

  for (const [place, bend] of [
    ['query', (header: string) => ({ target: `/oauth/token/request?${unquoted(header)}` })],
    ['body', (header: string) => ({ headers: { 'Content-Type': form }, body: unquoted(header) })],
  ] as const) {
    it(`when its OAuth parameters are in the ${place}`, async () => {
      const reply = await bent({}, bend);

      expect(reply.status).toBe(400);
      expect(problemIn(reply)).toMatch(/"oauth_consumer_key" is required/);
    });
  }
});

describe('a form body with nested names', () => {
  it('breaks the store, as it breaks PHP', async () => {
    const reply = await bent({}, (header) => ({
      headers: { Authorization: header, 'Content-Type': form },
      body: 'a[b]=1',
    }));

    expect(reply.status).toBe(500);
    expect(reply.headers['content-type']).toMatch(/^text\/html/);
  });
});

function unquoted(header: string): string {
  return header.replace('OAuth ', '').replaceAll('"', '').replaceAll(', ', '&');
}
