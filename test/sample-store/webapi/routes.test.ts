import { describe, expect, it } from '@jest/globals';
import { startStore } from '../../support/start-store.js';
import { initialProducts } from '../../../src/sample-store/webapi/data/products.js';
import { send } from '../third-party.js';
import { read, restClient } from './client.js';

const noRoute = { status: 404, body: { message: 'Request does not match any route.' } };

describe('the routes of the Web API', () => {
  for (const target of [
    '/rest/V1/store/storeConfigs',
    '/rest/default/V1/store/storeConfigs',
    '/rest/all/V1/store/storeConfigs',
    '/index.php/rest/V1/store/storeConfigs',
    '/index.php/rest/all/V1/store/storeConfigs',
    '/default/rest/V1/store/storeConfigs',
    '/rest/V1/store/storeConfigs/',
  ]) {
    it(`are below ${target.split('V1')[0]}, also as ${target}`, async () => {
      const { get } = await restClient();

      expect(await get(target)).toMatchObject({ status: 200, body: [{ code: 'default' }] });
    });
  }

  for (const target of [
    '/rest/french/V1/store/storeConfigs',
    '/rest/admin/V1/store/storeConfigs',
    '/rest/DEFAULT/V1/store/storeConfigs',
    '/rest/default/all/V1/store/storeConfigs',
    '/rest/V1/store',
    '/rest/V1/products/24-MB01/none',
    '/rest/V2/products/24-MB01',
    '/rest/v1/products/24-MB01',
    '/rest/V1/%70roducts/24-MB01',
    '/rest',
  ]) {
    it(`are not at ${target}, and nobody is asked who calls`, async () => {
      const { url } = await startStore();
      const headers = { Authorization: 'OAuth oauth_nonce="x"' };

      expect(read(await send({ storeUrl: url, target, method: 'GET', headers }))).toEqual(noRoute);
    });
  }

  it('have methods of their own', async () => {
    const { call } = await restClient();

    expect(await call('DELETE', '/rest/V1/store/storeConfigs')).toEqual(noRoute);
    expect(await call('POST', '/rest/V1/orders', '{}')).toEqual(noRoute);
  });

  it('prefer a word to a placeholder', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/customerGroups/default')).toMatchObject({ body: { id: 1 } });
    expect(await get('/rest/V1/customerGroups/3')).toMatchObject({ body: { id: 3 } });
  });
});

describe('a SKU in a path', () => {
  const awkward = initialProducts()
    .map(({ sku }) => sku)
    .filter((sku) => /[^\w-]/.test(sku));

  it('is awkward in many ways', () => {
    expect(awkward.length).toBeGreaterThan(9);
    for (const character of ['/', ' ', '+', '%', 'ö', '本', '&', '#', '?', '[', "'"]) {
      expect(awkward.some((sku) => sku.includes(character))).toBe(true);
    }
  });

  for (const sku of awkward) {
    it(`can be ${sku}`, async () => {
      const { get } = await restClient();

      const reply = await get(`/rest/V1/products/${encodeURIComponent(sku)}`);

      expect(reply).toMatchObject({ status: 200, body: { sku } });
    });
  }

  it('is two segments where its slash is not escaped', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/cable/2m/black')).toEqual(noRoute);
  });

  it('takes a plus for a space', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/two+words')).toMatchObject({ body: { sku: 'two words' } });
  });

  it('is decoded once', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/50%252Foff')).toMatchObject({ body: { sku: '50%2Foff' } });
    expect(await get('/rest/V1/products/50%2Foff')).toMatchObject({ status: 404 });
  });

  it('is found whatever its capitals, as in MySQL', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/24-mb01')).toMatchObject({ body: { sku: '24-MB01' } });
  });
});
