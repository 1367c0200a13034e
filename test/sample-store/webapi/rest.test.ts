import { describe, expect, it } from '@jest/globals';
import { activatedStore } from '../activated-store.js';
import { authorization, parametersFor, send, tokenIn } from '../third-party.js';

const storeConfigs = '/rest/V1/store/storeConfigs';

const unauthorized = (resources: string) => ({
  message: "The consumer isn't authorized to access %resources.",
  parameters: { resources },
});

describe('the REST API', () => {
  for (const target of [
    storeConfigs,
    '/rest/default/V1/store/storeConfigs',
    '/rest/all/V1/store/storeConfigs',
    '/index.php/rest/V1/store/storeConfigs',
  ]) {
    it(`gives its address at ${target}`, async () => {
      const { store, connect, rest } = await activatedStore();

      const reply = await rest(target, await connect());

      expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(JSON.parse(reply.body)).toMatchObject([{ code: 'default', base_url: store.url }]);
    });
  }

  it('finds a product by a SKU that needs escapes', async () => {
    const { connect, rest } = await activatedStore();

    const reply = await rest('/rest/V1/products/caf%C3%A9%20%26%20co%2F1', await connect());

    expect(JSON.parse(reply.body)).toMatchObject({ sku: 'café & co/1' });
  });

  it('takes a signed query', async () => {
    const { connect, rest } = await activatedStore();

    const reply = await rest('/rest/V1/products/24-MB01?fields=sku', await connect());

    expect(reply.status).toBe(200);
  });

  it('answers 404 for a product it does not have', async () => {
    const { connect, rest } = await activatedStore();

    const reply = await rest('/rest/V1/products/none', await connect());

    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toEqual({
      message: "The product that was requested doesn't exist. Verify the product and try again.",
    });
  });

  it('matches the route before it looks at credentials', async () => {
    const { store } = await activatedStore();
    const headers = { Authorization: 'OAuth oauth_nonce="x"' };

    const reply = await send({ storeUrl: store.url, target: '/rest/V1/none', headers });

    expect(reply.status).toBe(404);
    expect(JSON.parse(reply.body)).toEqual({ message: 'Request does not match any route.' });
  });

  it('has no GET routes for other methods', async () => {
    const { store } = await activatedStore();

    expect(await send({ storeUrl: store.url, target: storeConfigs })).toMatchObject({
      status: 404,
    });
  });
});

describe('a REST call without permission', () => {
  for (const [who, headers] of [
    ['nobody', {}],
    ['a Bearer token', { Authorization: 'Bearer 0123456789' }],
  ] as const) {
    it(`by ${who} is a guest's`, async () => {
      const { store } = await activatedStore();

      const reply = await send({
        storeUrl: store.url,
        target: storeConfigs,
        method: 'GET',
        headers,
      });

      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.body)).toEqual(unauthorized('Magento_Backend::store'));
    });
  }

  it('names the resource that the integration lacks, before it looks the product up', async () => {
    const { connect, rest } = await activatedStore({ resources: ['Magento_Backend::store'] });
    const credentials = await connect();

    const reply = await rest('/rest/V1/products/none', credentials);

    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body)).toEqual(unauthorized('Magento_Catalog::products'));
    expect(await rest(storeConfigs, credentials)).toMatchObject({ status: 200 });
  });
});

describe('a REST call with bad credentials', () => {
  it('is told of a signature that is wrong', async () => {
    const { connect, rest } = await activatedStore();

    const reply = await rest(storeConfigs, { ...(await connect()), tokenSecret: 'wrong' });

    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body)).toEqual({
      message: 'The signature is invalid. Verify and try again.',
    });
  });

  it('is told that a request token is not an access token', async () => {
    const { credentials, requestToken, rest } = await activatedStore();
    const { consumerKey, consumerSecret } = credentials();
    const token = tokenIn(await requestToken());

    const reply = await rest(storeConfigs, { consumerKey, consumerSecret, ...token });

    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body)).toEqual({ message: 'Token is not an access token' });
  });

  it("is told that a token is another consumer's", async () => {
    const { store, integration, connect, rest } = await activatedStore();
    const { token = '', tokenSecret = '' } = await connect();
    const { consumerKey, consumerSecret } = store.addIntegration({ ...integration(), name: 'B' });

    const reply = await rest(storeConfigs, { consumerKey, consumerSecret, token, tokenSecret });

    expect(reply.status).toBe(401);
    expect(JSON.parse(reply.body)).toEqual({
      message: 'Token is not associated with the specified consumer',
    });
  });

  it('is told what is missing, one by one, with placeholders', async () => {
    const { store } = await activatedStore();
    const headers = {
      Authorization:
        'OAuth oauth_consumer_key="x",oauth_nonce="x",oauth_timestamp="1",oauth_token="x"',
    };

    const reply = await send({ storeUrl: store.url, target: storeConfigs, method: 'GET', headers });

    const message = '"%fieldName" is required. Enter and try again.';
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toEqual({
      message: 'One or more input exceptions have occurred.',
      errors: [
        { message, parameters: { fieldName: 'oauth_signature' } },
        { message, parameters: { fieldName: 'oauth_signature_method' } },
      ],
    });
  });

  it('is told positional parameters as a list', async () => {
    const { store, clock, connect } = await activatedStore();
    const credentials = await connect();
    const call = { storeUrl: store.url, target: storeConfigs, method: 'GET' };
    const parameters = parametersFor(credentials, clock.now());
    const headers = { Authorization: authorization(call, credentials, parameters) };
    await send({ ...call, headers });

    const reply = await send({ ...call, headers });

    expect(JSON.parse(reply.body)).toEqual({
      message: 'The nonce is already being used by the consumer with ID %1',
      parameters: [1],
    });
  });
});

describe('a query with a numeric name', () => {
  it('breaks the store, as it breaks PHP', async () => {
    const { connect, rest } = await activatedStore();

    const reply = await rest(`${storeConfigs}?5=1`, await connect());

    expect(reply.status).toBe(500);
    expect(JSON.parse(reply.body)).toMatchObject({ message: expect.stringMatching(/^Internal/) });
  });
});
