import { describe, expect, it } from '@jest/globals';
import { initialProducts } from '../../../src/sample-store/webapi/data/products.js';
import { filterBy, queryString, restClient } from './client.js';

const products = initialProducts();
const activityOf = (product: (typeof products)[number]) =>
  product.custom_attributes.find(({ attribute_code }) => attribute_code === 'activity')?.value;
const hasSpecialPrice = ({ custom_attributes }: (typeof products)[number]) =>
  custom_attributes.some(({ attribute_code }) => attribute_code === 'special_price');

/** A condition on a field, and in plain code what it must leave. */
const cases: readonly [
  field: string,
  condition: string,
  value: string,
  keeps: (product: (typeof products)[number]) => boolean,
][] = [
  ['sku', 'eq', '24-mb04', ({ sku }) => sku === '24-MB04'],
  ['sku', 'neq', '24-MB04', ({ sku }) => sku !== '24-MB04'],
  ['price', 'gt', '34', ({ price }) => price > 34],
  ['price', 'gteq', '34', ({ price }) => price >= 34],
  ['price', 'moreq', '34', ({ price }) => price >= 34],
  ['price', 'from', '34', ({ price }) => price >= 34],
  ['price', 'lt', '34', ({ price }) => price < 34],
  ['price', 'lteq', '34', ({ price }) => price <= 34],
  ['price', 'to', '34', ({ price }) => price <= 34],
  ['name', 'like', '%TENT%', ({ name }) => name.includes('Tent')],
  ['name', 'like', 'tent', () => false],
  ['sku', 'like', '24-MB0_', ({ sku }) => sku.startsWith('24-MB')],
  ['name', 'nlike', '%tent%', ({ name }) => !name.includes('Tent')],
  ['entity_id', 'in', '1,3,300,9999', ({ id }) => [1, 3, 300].includes(id)],
  ['entity_id', 'nin', '1,3', ({ id }) => ![1, 3].includes(id)],
  ['special_price', 'null', '1', (product) => !hasSpecialPrice(product)],
  ['special_price', 'notnull', '1', hasSpecialPrice],
  ['special_price', 'neq', '0', hasSpecialPrice],
  ['activity', 'finset', '5', (product) => String(activityOf(product)).split(',').includes('5')],
  [
    'category_id',
    'eq',
    '6',
    ({ extension_attributes }) =>
      extension_attributes.category_links.some(({ category_id }) => category_id === '6'),
  ],
  ['created_at', 'gteq', '2025-02-01 00:00:00', ({ created_at }) => created_at >= '2025-02'],
  ['status', 'nonsense', '2', ({ status }) => status === 2],
];

describe('a condition', () => {
  for (const [field, condition, value, keeps] of cases) {
    it(`finds ${field} ${condition} ${value}`, async () => {
      const { list } = await restClient();

      const found = await list('/rest/V1/products', filterBy(field, condition, value));

      const expected = products.filter(keeps).map(({ sku }) => sku);
      expect(found.items.map(({ sku }) => sku)).toEqual(expected);
      expect(found.total_count).toBe(expected.length);
    });
  }

  it('is an equality where none is given', async () => {
    const { list } = await restClient();
    const filter = 'searchCriteria[filter_groups][0][filters][0]';

    const found = await list('/rest/V1/products', {
      [`${filter}[field]`]: 'sku',
      [`${filter}[value]`]: '24-MB01',
    });

    expect(found).toMatchObject({
      items: [{ sku: '24-MB01' }],
      search_criteria: {
        filter_groups: [{ filters: [{ field: 'sku', value: '24-MB01', condition_type: 'eq' }] }],
      },
      total_count: 1,
    });
  });
});

describe('filter groups', () => {
  const filter = (group: number, index: number, field: string, type: string, value: string) => {
    const name = `searchCriteria[filterGroups][${group}][filters][${index}]`;
    return {
      [`${name}[field]`]: field,
      [`${name}[conditionType]`]: type,
      [`${name}[value]`]: value,
    };
  };

  it('need one filter of each group', async () => {
    const { list } = await restClient();

    const found = await list('/rest/V1/products', {
      ...filter(0, 0, 'sku', 'eq', '24-MB01'),
      ...filter(0, 1, 'sku', 'eq', '24-MB04'),
      ...filter(1, 0, 'price', 'lt', '34'),
    });

    expect(found.items.map(({ sku }) => sku)).toEqual(['24-MB04']);
  });
});

describe('the spelling of search criteria', () => {
  for (const [spelling, query] of [
    [
      'camel case',
      {
        'searchCriteria[pageSize]': '2',
        'searchCriteria[currentPage]': '2',
        'searchCriteria[sortOrders][0][field]': 'entity_id',
        'searchCriteria[sortOrders][0][direction]': 'asc',
      },
    ],
    [
      'snake case',
      {
        'search_criteria[page_size]': '2',
        'search_criteria[current_page]': '2',
        'search_criteria[sort_orders][0][field]': 'entity_id',
        'search_criteria[sort_orders][0][direction]': 'ASC',
      },
    ],
  ] as const) {
    it(`can be ${spelling}, and is repeated in snake case`, async () => {
      const { list } = await restClient();

      expect(await list('/rest/V1/products', query)).toMatchObject({
        items: [{ id: 3 }, { id: 4 }],
        search_criteria: {
          filter_groups: [],
          sort_orders: [{ field: 'entity_id', direction: 'ASC' }],
          page_size: 2,
          current_page: 2,
        },
        total_count: 300,
      });
    });
  }

  for (const query of ['searchCriteria=all', 'searchCriteria=']) {
    it(`can be as little as ?${query}`, async () => {
      const { get } = await restClient();

      expect(await get(`/rest/V1/products?${query}`)).toMatchObject({
        status: 200,
        body: { search_criteria: { filter_groups: [] }, total_count: 300 },
      });
    });
  }

  for (const target of [
    '/rest/V1/products',
    '/rest/V1/orders',
    '/rest/V1/customers/search',
    '/rest/V1/customerGroups/search',
  ]) {
    it(`cannot be nothing, at ${target}`, async () => {
      const { get } = await restClient();

      expect(await get(target)).toEqual({
        status: 400,
        body: {
          message: '"%fieldName" is required. Enter and try again.',
          parameters: { fieldName: 'searchCriteria' },
        },
      });
    });
  }
});

describe('paging', () => {
  const page = (size: number, number: number) => ({
    'searchCriteria[pageSize]': String(size),
    'searchCriteria[currentPage]': String(number),
    'searchCriteria[sortOrders][0][field]': 'entity_id',
    'searchCriteria[sortOrders][0][direction]': 'ASC',
  });

  it('walks through everything once', async () => {
    const { list } = await restClient();
    const pages = [1, 2, 3].map((number) => list('/rest/V1/products', page(110, number)));

    const lists = await Promise.all(pages);

    expect(lists.map(({ items }) => items.length)).toEqual([110, 110, 80]);
    expect(lists.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(
      products.map(({ id }) => id),
    );
  });

  it('repeats the last page for every page beyond it', async () => {
    const { list } = await restClient();

    const beyond = await list('/rest/V1/products', page(110, 99));

    expect(beyond).toMatchObject({ total_count: 300, search_criteria: { current_page: 99 } });
    expect(beyond.items).toEqual((await list('/rest/V1/products', page(110, 3))).items);
  });

  it('takes a page below the first for the first', async () => {
    const { list } = await restClient();

    expect((await list('/rest/V1/products', page(1, 0))).items).toMatchObject([{ id: 1 }]);
  });

  it('stays empty where nothing is found', async () => {
    const { list } = await restClient();

    const found = await list('/rest/V1/products', filterBy('sku', 'eq', 'none', page(10, 5)));

    expect(found).toMatchObject({ items: [], total_count: 0 });
  });
});

describe('sorting', () => {
  const order = (index: number, field: string, direction?: string) => ({
    [`searchCriteria[sortOrders][${index}][field]`]: field,
    ...(direction !== undefined && {
      [`searchCriteria[sortOrders][${index}][direction]`]: direction,
    }),
  });

  it('goes by several fields in their order', async () => {
    const { list } = await restClient();

    const { items } = await list('/rest/V1/products', {
      ...order(0, 'status', 'DESC'),
      ...order(1, 'price', 'ASC'),
    });

    const expected = products.toSorted((a, b) => b.status - a.status || a.price - b.price);
    expect(items.map(({ price }) => price)).toEqual(expected.map(({ price }) => price));
  });

  it('goes downwards where it is not told', async () => {
    const { list } = await restClient();

    const { items } = await list('/rest/V1/products', order(0, 'entity_id'));

    expect(items[0]).toMatchObject({ id: 300 });
  });

  it('puts what is missing first on the way up', async () => {
    const { list } = await restClient();

    const { items } = await list('/rest/V1/products', order(0, 'special_price', 'ASC'));

    expect(items[0]).toMatchObject({ id: 1 });
    expect(items.at(-1)).toMatchObject({
      custom_attributes: expect.arrayContaining([
        expect.objectContaining({ attribute_code: 'special_price' }),
      ]),
    });
  });
});

describe('search criteria that Magento refuses', () => {
  const at = (path: string, query: Record<string, string>) => `${path}?${queryString(query)}`;
  const internal = { status: 500, body: { message: expect.stringMatching(/^Internal Error/) } };

  it('name an attribute that products do not have: the id is called entity_id', async () => {
    const { get } = await restClient();

    expect(await get(at('/rest/V1/products', filterBy('id', 'eq', '1')))).toEqual({
      status: 400,
      body: {
        message: 'The "%1" attribute name is invalid. Reset the name and try again.',
        parameters: ['id'],
      },
    });
  });

  it('name a column that orders do not have', async () => {
    const { get } = await restClient();

    expect(await get(at('/rest/V1/orders', filterBy('id', 'eq', '1')))).toEqual(internal);
  });

  it('have a part that nobody knows', async () => {
    const { get } = await restClient();
    const query = { 'searchCriteria[limit]': '1' };

    expect(await get(at('/rest/V1/products', query))).toEqual(internal);
  });

  it('have a page size that is no number', async () => {
    const { get } = await restClient();
    const query = { 'searchCriteria[pageSize]': 'ten' };

    expect(await get(at('/rest/V1/products', query))).toEqual({
      status: 400,
      body: {
        message:
          'Error occurred during "pageSize" processing. ' +
          'The "ten" value\'s type is invalid. The "int" type was expected. Verify and try again.',
      },
    });
  });

  it('sort sideways', async () => {
    const { get } = await restClient();
    const name = 'searchCriteria[sortOrders][0]';
    const query = { [`${name}[field]`]: 'sku', [`${name}[direction]`]: 'LEFT' };

    expect(await get(at('/rest/V1/products', query))).toEqual({
      status: 400,
      body: {
        message:
          'The sort order has to be specified as %1 for ascending order or %2 for descending order.',
        parameters: ['ASC', 'DESC'],
      },
    });
  });
});
