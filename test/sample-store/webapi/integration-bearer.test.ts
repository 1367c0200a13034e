import { describe, expect, it } from '@jest/globals';
import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { activatedStore } from '../activated-store.js';
import { send, tokenIn } from '../third-party.js';

const guest = "The consumer isn't authorized to access %resources.";

async function connected(options: SampleStoreOptions & { resources?: readonly string[] }) {
  const started = await activatedStore(options);
  const { token = '' } = await started.connect();
  const ask = (Authorization: string) =>
    send({
      storeUrl: started.store.url,
      target: '/rest/V1/store/storeConfigs',
      method: 'GET',
      headers: { Authorization },
    });
  return { ...started, token, ask };
}

describe('the access token of an integration as Bearer', () => {
  for (const [options, status] of [
    [{ release: '2.3.7' }, 200],
    [{ release: '2.4.3' }, 200],
    [{ release: '2.4.5' }, 401],
    [{ release: '2.4.7' }, 401],
    [{ release: '2.4.8' }, 401],
    [{ release: '2.4.8', integrationBearer: true }, 200],
    [{ release: '2.4.3', integrationBearer: false }, 401],
  ] as const) {
    it(`is answered ${status} with ${JSON.stringify(options)}`, async () => {
      const { ask, token } = await connected(options);

      expect(await ask(`Bearer ${token}`)).toMatchObject({ status });
    });
  }

  it('may be called bearer', async () => {
    const { ask, token } = await connected({ integrationBearer: true });

    expect(await ask(`bearer ${token}`)).toMatchObject({ status: 200 });
  });

  it('has the permissions of its integration', async () => {
    const { ask, token } = await connected({ integrationBearer: true, resources: [] });

    const reply = await ask(`Bearer ${token}`);

    expect(JSON.parse(reply.body)).toMatchObject({ message: guest });
  });

  for (const [what, header] of [
    ['three words', (token: string) => `Bearer ${token} x`],
    ['two spaces', (token: string) => `Bearer  ${token}`],
    ['a comma', (token: string) => `Bearer ${token}, x`],
    ['one word', () => 'Bearer'],
    ['another scheme', (token: string) => `Token ${token}`],
    ['a token that nobody has', () => `Bearer ${'x'.repeat(32)}`],
  ] as const) {
    it(`makes a silent guest of ${what}`, async () => {
      const { ask, token } = await connected({ integrationBearer: true });

      const reply = await ask(header(token));

      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.body)).toMatchObject({ message: guest });
    });
  }

  it('is dead once the integration is being reauthorized', async () => {
    const { store, id, ask, token } = await connected({ integrationBearer: true });

    await store.reauthorize(id);

    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401 });
  });
});

describe('a request token as Bearer', () => {
  it('is a guest', async () => {
    const { store, requestToken } = await activatedStore({ integrationBearer: true });
    const { token } = tokenIn(await requestToken());
    const target = '/rest/V1/store/storeConfigs';

    const headers = { Authorization: `Bearer ${token}` };

    expect(await send({ storeUrl: store.url, target, method: 'GET', headers })).toMatchObject({
      status: 401,
    });
  });
});
