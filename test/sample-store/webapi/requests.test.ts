import { describe, expect, it } from '@jest/globals';
import { startStore } from '../../support/start-store.js';
import { authorization, parametersFor, send } from '../third-party.js';
import { read, restClient } from './client.js';

describe('the Accept header', () => {
  const target = '/rest/V1/directory/countries';

  for (const accept of [
    undefined,
    '',
    '*/*',
    'application/json',
    'APPLICATION/JSON',
    'text/html, application/json;q=0.5',
    'application/xml',
    'application/*',
    'not a type',
  ]) {
    it(`may be ${accept ?? 'missing'}, and the answer is JSON`, async () => {
      const { url } = await startStore();
      const headers = accept === undefined ? {} : { Accept: accept };

      const reply = await send({ storeUrl: url, target, method: 'GET', headers });

      expect(reply.status).toBe(200);
      expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(JSON.parse(reply.body)).toHaveLength(3);
    });
  }

  for (const path of [target, '/rest/V1/none']) {
    it(`may not ask for what nobody can serve, at ${path}`, async () => {
      const { url } = await startStore();
      const headers = { Accept: 'text/html, image/png' };

      const reply = await send({ storeUrl: url, target: path, method: 'GET', headers });

      expect(read(reply)).toEqual({
        status: 406,
        body: {
          messages: {
            error: [
              {
                code: 406,
                message:
                  'Server cannot match any of the given Accept HTTP header media type(s) from the ' +
                  'request: "text/html" with media types from the config of response renderer.',
              },
            ],
          },
        },
      });
    });
  }
});

describe('a body', () => {
  const target = '/rest/V1/products/24-MB01';
  const product = JSON.stringify({ product: { price: 1 } });

  for (const type of ['application/json', 'application/json; charset=UTF-8']) {
    it(`is JSON by ${type}`, async () => {
      const { call } = await restClient();

      expect(await call('PUT', target, product, type)).toMatchObject({ body: { price: 1 } });
    });
  }

  it('is text in UTF-8', async () => {
    const { call } = await restClient();
    const named = JSON.stringify({ product: { name: 'Größe „本“' } });

    expect(await call('PUT', target, named)).toMatchObject({ body: { name: 'Größe „本“' } });
  });

  for (const [type, message] of [
    ['', 'Content-Type header is empty.'],
    ['application json', 'Content-Type header is invalid.'],
    ['application/json; charset=latin1', 'UTF-8 is the only supported charset.'],
    [
      'Application/JSON',
      'Server cannot understand Content-Type HTTP header media type Application/JSON',
    ],
    ['text/plain', 'Server cannot understand Content-Type HTTP header media type text/plain'],
  ] as const) {
    it(`is not understood by ${type || 'no Content-Type'}`, async () => {
      const { call } = await restClient();

      expect(await call('PUT', target, product, type)).toEqual({ status: 400, body: { message } });
    });
  }

  for (const body of ['{', '{"product":}', "{'product':{}}"]) {
    it(`is not JSON: ${body}`, async () => {
      const { call } = await restClient();

      expect(await call('PUT', target, body)).toEqual({
        status: 400,
        body: { message: 'Decoding error.' },
      });
    });
  }

  it('may be 512 arrays deep, and no deeper', async () => {
    const { call } = await restClient();
    const deep = (arrays: number) => `${'['.repeat(arrays)}${']'.repeat(arrays)}`;

    expect(await call('PUT', target, deep(512))).toMatchObject({
      body: { parameters: { fieldName: 'product' } },
    });
    for (const arrays of [513, 40_000]) {
      expect(await call('PUT', target, deep(arrays))).toEqual({
        status: 400,
        body: { message: 'Decoding error.' },
      });
    }
  });

  it('may be a mebibyte, and no more', async () => {
    const { rest, credentials } = await restClient();
    const described = (description: string) =>
      JSON.stringify({ product: { custom_attributes: { description } } });
    const headers = { 'Content-Type': 'application/json' };
    const put = (body: string) => rest(target, credentials, { method: 'PUT', headers, body });

    expect((await put(described('x'.repeat(1_000_000)))).status).toBe(200);
    expect((await put(described('x'.repeat(1_100_000)))).status).toBe(413);
  });

  for (const body of ['', 'null', '1', '"product"', '[]', '{"product":null}']) {
    it(`holds no product: ${body || '(nothing)'}`, async () => {
      const { call } = await restClient();

      expect(await call('PUT', target, body)).toMatchObject({
        status: 400,
        body: { parameters: { fieldName: 'product' } },
      });
    });
  }

  it('of a GET is nothing', async () => {
    const { call } = await restClient();

    expect(await call('GET', target, '{', 'text/plain')).toMatchObject({ status: 200 });
  });

  it('is not signed as JSON, but as a form', async () => {
    const { store, clock, credentials } = await restClient();
    const callOf = (type: string, body: string) => {
      const unsigned = { storeUrl: store.url, target, method: 'PUT' };
      const parameters = parametersFor(credentials, clock.now());
      const header = authorization(unsigned, credentials, parameters);
      return send({ ...unsigned, body, headers: { Authorization: header, 'Content-Type': type } });
    };
    const form = 'application/x-www-form-urlencoded';

    expect(read(await callOf('application/json', product))).toMatchObject({ status: 200 });
    expect(read(await callOf(form, 'product=x'))).toEqual({
      status: 401,
      body: { message: 'The signature is invalid. Verify and try again.' },
    });
  });

  it('can be a form that is signed', async () => {
    const { store, clock, credentials } = await restClient();
    const unsigned = { storeUrl: store.url, target, method: 'PUT' };
    const parameters = { ...parametersFor(credentials, clock.now()), product: 'x' };
    const header = authorization(unsigned, credentials, parameters);
    const headers = {
      Authorization: header,
      'Content-Type': 'application/x-www-form-urlencoded',
    };

    // A text is no product, but nothing in it is wrong either: nothing changes.
    expect(read(await send({ ...unsigned, headers, body: 'product=x' }))).toMatchObject({
      status: 200,
      body: { id: 1, price: 34 },
    });
  });

  it('that is a form with nested names breaks the store, as it breaks PHP', async () => {
    const { call } = await restClient();
    const form = 'application/x-www-form-urlencoded';

    expect(await call('PUT', target, 'product[price]=1', form)).toMatchObject({ status: 500 });
  });
});

describe('the fields parameter', () => {
  for (const [target, expected] of [
    ['/rest/V1/products/24-MB01?fields=sku', { sku: '24-MB01' }],
    ['/rest/V1/products/24-MB01?fields=sku%2Cprice%2Cnone', { sku: '24-MB01', price: 34 }],
    [
      '/rest/V1/products?fields=items%5Bsku%2Cprice%5D%2Ctotal_count' +
        '&searchCriteria%5BpageSize%5D=2',
      {
        items: [
          { sku: '24-MB01', price: 34 },
          { sku: '24-MB04', price: 32 },
        ],
        total_count: 300,
      },
    ],
    [
      '/rest/V1/products/24-MB01?fields=extension_attributes%5Bstock_item%5Bqty%5D%5D%2Cid',
      { id: 1, extension_attributes: { stock_item: { qty: expect.any(Number) } } },
    ],
    ['/rest/V1/store/storeViews?fields=code', [{ code: 'admin' }, { code: 'default' }]],
    ['/rest/V1/products/24-MB01?fields=sku%5B', []],
    ['/rest/V1/products/24-MB01?fields=sku%5D%5D', []],
    ['/rest/V1/products/24-MB01?fields=a%20b', []],
    ['/rest/V1/vendor-module/name?fields=a', 'Vendor_Module'],
  ] as const) {
    it(`leaves ${decodeURIComponent(target.split('?')[1] ?? '')} of ${target.split('?')[0]}`, async () => {
      const { get } = await restClient();

      expect(await get(target)).toEqual({ status: 200, body: expected });
    });
  }

  it('is no parameter when it is empty', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/24-MB01?fields=')).toMatchObject({ body: { id: 1 } });
  });
});

describe('an answer', () => {
  it('never has a trace', async () => {
    const { call } = await restClient();
    const replies = [
      await call('GET', '/rest/V1/none'),
      await call('GET', '/rest/V1/products/none'),
      await call('GET', '/rest/V1/products?searchCriteria%5Bx%5D=1'),
      await call('PUT', '/rest/V1/products/24-MB01', '{'),
    ];

    expect(replies.map(({ status }) => status)).toEqual([404, 404, 500, 400]);
    for (const { body } of replies) expect(body).not.toHaveProperty('trace');
  });
});
