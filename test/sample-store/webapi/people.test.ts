import { describe, expect, it } from '@jest/globals';
import { filterBy, restClient } from './client.js';

describe('customers', () => {
  it('come one by one', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/customers/1')).toMatchObject({
      status: 200,
      body: {
        id: 1,
        email: expect.stringMatching(/@customer\.example$/),
        default_billing: '1',
        addresses: [
          { id: 1, customer_id: 1, default_billing: true, street: [expect.any(String)] },
          {},
        ],
        extension_attributes: { is_subscribed: expect.any(Boolean) },
      },
    });
  });

  it('come as a list that can be searched', async () => {
    const { list } = await restClient();
    const byEmail = filterBy('email', 'like', '%.150@customer.example');

    expect(await list('/rest/V1/customers/search', byEmail)).toMatchObject({
      items: [{ id: 150 }],
      total_count: 1,
    });
    expect(
      await list('/rest/V1/customers/search', filterBy('entity_id', 'lteq', '20')),
    ).toMatchObject({ total_count: 20 });
    expect(await list('/rest/V1/customers/search', filterBy('dob', 'null', '1'))).toMatchObject({
      total_count: 75,
    });
  });

  it('have addresses of their own', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/customers/addresses/2')).toMatchObject({
      body: { id: 2, customer_id: 1 },
    });
  });
});

describe('customer groups', () => {
  it('are four', async () => {
    const { list } = await restClient();

    expect(await list('/rest/V1/customerGroups/search', { searchCriteria: '' })).toMatchObject({
      items: [
        { id: 0, code: 'NOT LOGGED IN' },
        { id: 1, code: 'General' },
        { id: 2, code: 'Wholesale' },
        { id: 3, code: 'Retailer', tax_class_id: 3, tax_class_name: 'Retail Customer' },
      ],
      total_count: 4,
    });
    expect(
      await list('/rest/V1/customerGroups/search', filterBy('code', 'eq', 'retailer')),
    ).toMatchObject({ items: [{ id: 3 }] });
  });
});

describe('orders', () => {
  it('come one by one', async () => {
    const { get } = await restClient();

    const reply = await get('/rest/V1/orders/1');

    expect(reply).toMatchObject({
      status: 200,
      body: {
        entity_id: 1,
        increment_id: '000000001',
        customer_is_guest: 0,
        items: expect.arrayContaining([expect.objectContaining({ order_id: 1 })]),
        billing_address: { address_type: 'billing', parent_id: 1 },
        payment: { method: 'checkmo' },
        extension_attributes: {
          shipping_assignments: [{ shipping: { address: { address_type: 'shipping' } } }],
        },
      },
    });
  });

  it('come as a list that can be searched by their columns', async () => {
    const { list } = await restClient();

    const guests = await list('/rest/V1/orders', filterBy('customer_is_guest', 'eq', '1'));
    const byNumber = await list('/rest/V1/orders', filterBy('increment_id', 'eq', '000000250'));

    expect(guests.total_count).toBe(50);
    expect(guests.items.every((order) => !('customer_id' in order))).toBe(true);
    expect(byNumber).toMatchObject({ items: [{ entity_id: 250 }], total_count: 1 });
    expect(await list('/rest/V1/orders', filterBy('customer_id', 'null', '1'))).toMatchObject({
      total_count: 50,
    });
  });
});

describe('what is not there', () => {
  const entity = (fieldName: string, fieldValue: number) => ({
    message: 'No such entity with %fieldName = %fieldValue',
    parameters: { fieldName, fieldValue },
  });

  for (const [target, body] of [
    ['/rest/V1/customers/151', entity('customerId', 151)],
    ['/rest/V1/customers/addresses/9999', entity('addressId', 9999)],
    ['/rest/V1/customerGroups/4', entity('id', 4)],
    [
      '/rest/V1/orders/251',
      { message: "The entity that was requested doesn't exist. Verify the entity and try again." },
    ],
    ['/rest/V1/directory/countries/XX', { message: "The country isn't available." }],
  ] as const) {
    it(`is told at ${target}`, async () => {
      const { get } = await restClient();

      expect(await get(target)).toEqual({ status: 404, body });
    });
  }

  for (const target of [
    '/rest/V1/customers/one',
    '/rest/V1/orders/one',
    '/rest/V1/customerGroups/one',
  ]) {
    it(`is not looked for where ${target} has no number`, async () => {
      const { get } = await restClient();

      expect(await get(target)).toEqual({
        status: 400,
        body: {
          message:
            'The "one" value\'s type is invalid. The "int" type was expected. Verify and try again.',
        },
      });
    });
  }
});

describe('the store', () => {
  for (const [target, body] of [
    [
      '/rest/V1/store/storeViews',
      [
        { id: 0, code: 'admin' },
        { id: 1, code: 'default' },
      ],
    ],
    [
      '/rest/V1/store/websites',
      [
        { id: 0, code: 'admin' },
        { id: 1, code: 'base' },
      ],
    ],
    ['/rest/V1/store/storeGroups', [{ id: 0 }, { id: 1, code: 'main_website_store' }]],
    ['/rest/V1/directory/countries/DE', { id: 'DE', full_name_english: 'Germany' }],
  ] as const) {
    it(`tells ${target}`, async () => {
      const { get } = await restClient();

      expect(await get(target)).toMatchObject({ status: 200, body });
    });
  }

  it('tells its modules, one of them its own', async () => {
    const { get } = await restClient();

    expect(await get('/rest/V1/modules')).toMatchObject({
      body: expect.arrayContaining(['Magento_Store', 'Vendor_Module']),
    });
    expect(await get('/rest/V1/vendor-module/name')).toEqual({
      status: 200,
      body: 'Vendor_Module',
    });
  });
});
