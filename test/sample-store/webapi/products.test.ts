import { describe, expect, it } from '@jest/globals';
import { filterBy, restClient } from './client.js';

const missing = {
  status: 404,
  body: {
    message: "The product that was requested doesn't exist. Verify the product and try again.",
  },
};

const minimal = { sku: 'new-1', name: 'A new thing', attribute_set_id: 4 };

describe('GET products/:sku', () => {
  it('answers a product in the shape of Magento', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/24-MB01')).toMatchObject({
      status: 200,
      body: {
        id: 1,
        sku: '24-MB01',
        name: 'Joust Duffle Bag',
        attribute_set_id: 4,
        price: 34,
        status: 1,
        type_id: 'simple',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        extension_attributes: {
          website_ids: [1],
          category_links: [{ position: 0, category_id: '2' }, { position: 0 }],
          stock_item: { product_id: 1, is_in_stock: expect.any(Boolean) },
        },
        custom_attributes: expect.arrayContaining([
          { attribute_code: 'url_key', value: 'joust-duffle-bag-1' },
        ]),
      },
    });
  });

  it('tells the stock, which a list does not', async () => {
    const { get, list } = await restClient();
    const found = await list('/rest/V1/products', filterBy('sku', 'eq', '24-MB01'));

    expect(await get('/rest/V1/products/24-MB01')).toHaveProperty(
      'body.extension_attributes.stock_item.qty',
    );
    expect(found.items[0]).toHaveProperty('extension_attributes.website_ids');
    expect(found.items[0]).not.toHaveProperty('extension_attributes.stock_item');
  });

  it('answers 404 for a product it does not have', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/products/none')).toEqual(missing);
  });
});

describe('POST products', () => {
  it('makes a product', async () => {
    const { clock, post, get, list } = await restClient();

    const reply = await post('/rest/V1/products', {
      product: {
        ...minimal,
        price: '12.50',
        extension_attributes: { stock_item: { qty: 7 } },
        custom_attributes: [
          { attribute_code: 'color', value: 'blue' },
          { attribute_code: 'of_nobody', value: 'x' },
        ],
      },
    });

    const at = clock.now().toISOString().slice(0, 19).replace('T', ' ');
    expect(reply).toMatchObject({
      status: 200,
      body: {
        id: 301,
        ...minimal,
        price: 12.5,
        status: 1,
        visibility: 4,
        created_at: at,
        updated_at: at,
        extension_attributes: { stock_item: { product_id: 301, qty: 7 } },
        custom_attributes: expect.arrayContaining([
          { attribute_code: 'color', value: 'blue' },
          { attribute_code: 'url_key', value: 'a-new-thing' },
        ]),
      },
    });
    expect(JSON.stringify(reply.body)).not.toContain('of_nobody');
    expect(await get('/rest/V1/products/new-1')).toEqual(reply);
    expect(await list('/rest/V1/products', filterBy('sku', 'eq', 'new-1'))).toMatchObject({
      total_count: 1,
    });
  });

  it('changes the product that has this SKU', async () => {
    const { post, list } = await restClient();

    const reply = await post('/rest/V1/products', { product: { sku: '24-mb01', price: 1 } });

    expect(reply).toMatchObject({ body: { id: 1, sku: '24-MB01', price: 1 } });
    expect(await list('/rest/V1/products', { searchCriteria: '' })).toMatchObject({
      total_count: 300,
    });
  });

  it('never gives an id twice', async () => {
    const { call, post } = await restClient();
    await post('/rest/V1/products', { product: minimal });
    await call('DELETE', '/rest/V1/products/new-1');

    expect(await post('/rest/V1/products', { product: minimal })).toMatchObject({
      body: { id: 302 },
    });
  });
});

describe('PUT products/:sku', () => {
  it('changes what it names, and the time of the change', async () => {
    const { clock, get, put } = await restClient();
    const before = await get('/rest/V1/products/24-MB01');
    clock.forward(60);

    const reply = await put('/rest/V1/products/24-MB01', {
      product: {
        price: 35.5,
        extension_attributes: { stock_item: { qty: 3 } },
        custom_attributes: [
          { attribute_code: 'material', value: '5,8' },
          { attribute_code: 'description', value: null },
        ],
      },
    });

    expect(reply).toMatchObject({
      status: 200,
      body: {
        id: 1,
        name: 'Joust Duffle Bag',
        price: 35.5,
        updated_at: '2026-03-01 12:01:00',
        extension_attributes: { website_ids: [1], stock_item: { qty: 3, stock_id: 1 } },
        custom_attributes: expect.arrayContaining([
          { attribute_code: 'material', value: '5,8' },
          { attribute_code: 'color', value: expect.any(String) },
        ]),
      },
    });
    expect(JSON.stringify(reply.body)).not.toContain('made to last');
    expect(reply.body).toMatchObject({
      created_at: (before.body as { created_at: string }).created_at,
    });
    expect(await get('/rest/V1/products/24-MB01')).toEqual(reply);
  });

  it('goes by the SKU of the path, whatever the body says', async () => {
    const { get, put } = await restClient();

    const reply = await put('/rest/V1/products/24-MB01', { product: { sku: 'x', price: 1 } });

    expect(reply).toMatchObject({ body: { id: 1, sku: '24-MB01' } });
    expect(await get('/rest/V1/products/x')).toEqual(missing);
  });

  it('makes a product that is not there yet', async () => {
    const { put } = await restClient();

    const reply = await put('/rest/V1/products/a%2Fb', {
      product: { name: 'Made by PUT', attribute_set_id: 4 },
    });

    expect(reply).toMatchObject({ status: 200, body: { id: 301, sku: 'a/b' } });
  });

  it('moves a product to other categories, given in either way', async () => {
    const { put } = await restClient();
    const target = '/rest/V1/products/24-MB01';
    const links = (...ids: string[]) => ({
      body: {
        extension_attributes: {
          category_links: ids.map((category_id) => ({ position: 0, category_id })),
        },
        custom_attributes: expect.arrayContaining([{ attribute_code: 'category_ids', value: ids }]),
      },
    });

    const byLinks = await put(target, {
      product: { extension_attributes: { category_links: [{ category_id: '9' }] } },
    });
    const byAttribute = await put(target, {
      product: { custom_attributes: { category_ids: ['7', '8'] } },
    });

    expect(byLinks).toMatchObject(links('9'));
    expect(byAttribute).toMatchObject(links('7', '8'));
  });

  it('is a matter of one store alone', async () => {
    const [one, other] = [await restClient(), await restClient()];

    await one.put('/rest/V1/products/24-MB01', { product: { price: 1 } });

    expect(await other.get('/rest/V1/products/24-MB01')).toMatchObject({ body: { price: 34 } });
  });
});

describe('DELETE products/:sku', () => {
  it('removes a product and says true', async () => {
    const { call, get } = await restClient();

    expect(await call('DELETE', '/rest/V1/products/24-MB01')).toEqual({ status: 200, body: true });
    expect(await get('/rest/V1/products/24-MB01')).toEqual(missing);
    expect(await call('DELETE', '/rest/V1/products/24-MB01')).toEqual(missing);
  });
});

describe('a product that cannot be saved', () => {
  const empty = 'The "%1" attribute value is empty. Set the attribute and try again.';
  const attributeSet = {
    message: 'Invalid product data: %1',
    parameters: ['Invalid attribute set entity type'],
  };
  const about = (field: string, details: string) => ({
    message: `Error occurred during "${field}" processing. ${details}`,
  });
  const wrong = (value: string, type: string) =>
    `The "${value}" value's type is invalid. The "${type}" type was expected. Verify and try again.`;

  const refused: readonly [why: string, product: object, answer: object][] = [
    ['has no attribute set', { sku: 'n', name: 'N' }, attributeSet],
    ['has a strange attribute set', { ...minimal, attribute_set_id: 99 }, attributeSet],
    ['has no SKU', { ...minimal, sku: null }, { message: empty, parameters: ['sku'] }],
    [
      'has too long a SKU',
      { ...minimal, sku: 'é'.repeat(65) },
      { message: 'SKU length should be %1 characters maximum.', parameters: [64] },
    ],
    ['has no name', { ...minimal, name: '' }, { message: empty, parameters: ['Product Name'] }],
    [
      'is named like another',
      { ...minimal, custom_attributes: { url_key: 'joust-duffle-bag-1' } },
      { message: 'URL key for specified store already exists.' },
    ],
    ['has words for a price', { ...minimal, price: 'ten' }, about('price', wrong('ten', 'float'))],
    [
      'has a list for a status',
      { ...minimal, status: [1] },
      about('status', wrong('array', 'int')),
    ],
    [
      'has truth for a weight',
      { ...minimal, weight: true },
      about('weight', wrong('true', 'float')),
    ],
    [
      'has an attribute without a code',
      { ...minimal, custom_attributes: [{ value: 'x' }] },
      about('custom_attributes', 'A custom attribute is specified without an attribute code.'),
    ],
    [
      'has an attribute without anything',
      { ...minimal, custom_attributes: [{}] },
      about('custom_attributes', 'There is an empty custom attribute specified.'),
    ],
    [
      'has an attribute without a value',
      { ...minimal, custom_attributes: [{ attribute_code: 'color' }] },
      about('custom_attributes', 'Value is not set for attribute code "color"'),
    ],
    [
      'is in a category of no number',
      { ...minimal, extension_attributes: { category_links: [{ category_id: 'x' }] } },
      about(
        'extension_attributes',
        `Error occurred during "category_id" processing. ${wrong('x', 'int')}`,
      ),
    ],
  ];

  for (const [why, product, answer] of refused) {
    it(why, async () => {
      const { post, list } = await restClient();

      expect(await post('/rest/V1/products', { product })).toEqual({ status: 400, body: answer });
      expect(await list('/rest/V1/products', { searchCriteria: '' })).toMatchObject({
        total_count: 300,
      });
    });
  }

  it('has a field that products do not have: an internal error, as in Magento', async () => {
    const { post } = await restClient();

    expect(await post('/rest/V1/products', { product: { ...minimal, colour: 'red' } })).toEqual({
      status: 500,
      body: { message: expect.stringMatching(/^Internal Error\. .+ webapi-/) },
    });
  });

  it('is not there at all', async () => {
    const { post } = await restClient();

    expect(await post('/rest/V1/products', { sku: 'x' })).toEqual({
      status: 400,
      body: {
        message: '"%fieldName" is required. Enter and try again.',
        parameters: { fieldName: 'product' },
      },
    });
  });

  it('leaves the product that was there as it was', async () => {
    const { get, put } = await restClient();
    const before = await get('/rest/V1/products/24-MB01');

    expect(await put('/rest/V1/products/24-MB01', { product: { name: '' } })).toMatchObject({
      status: 400,
    });
    expect(await get('/rest/V1/products/24-MB01')).toEqual(before);
  });
});
