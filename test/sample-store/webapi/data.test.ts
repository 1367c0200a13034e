import { describe, expect, it } from '@jest/globals';
import { storeData } from '../../../src/sample-store/webapi/data/store-data.js';

const now = () => new Date('2026-03-01T12:00:00Z');
const { products, customers, orders } = storeData({ now });

describe('the data of a store', () => {
  it('is hundreds of products, customers and orders', () => {
    expect(products.all()).toHaveLength(300);
    expect(customers).toHaveLength(150);
    expect(orders).toHaveLength(250);
  });

  it('is the same in every store, whatever the time', () => {
    const other = storeData({ now: () => new Date() });

    expect(other.products.all()).toEqual(products.all());
    expect(other.customers).toEqual(customers);
    expect(other.orders).toEqual(orders);
  });

  it('has the products that tests and demo ask for', () => {
    const skus = products.all().map(({ sku }) => sku);

    expect(skus.slice(0, 4)).toEqual(['24-MB01', '24-MB04', 'WS12-M-Orange', 'café & co/1']);
  });

  it('has no SKU, address of a page, customer or order twice', () => {
    const all = products.all();
    const urlKeys = all.map(
      ({ custom_attributes }) =>
        custom_attributes.find(({ attribute_code }) => attribute_code === 'url_key')?.value,
    );
    const addresses = customers.flatMap(({ addresses: ofOne }) => ofOne.map(({ id }) => id));

    for (const values of [
      all.map(({ sku }) => sku.toLowerCase()),
      all.map(({ id }) => id),
      urlKeys,
      customers.map(({ email }) => email),
      addresses,
      orders.map(({ increment_id }) => increment_id),
      orders.flatMap(({ items }) => items.map(({ item_id }) => item_id)),
    ]) {
      expect(new Set(values).size).toBe(values.length);
    }
  });

  it('adds up, and orders only what is sold by whom there is', () => {
    for (const { items, customer_id, ...order } of orders) {
      const sum = items.reduce((total, { row_total }) => total + row_total, 0);
      const total = Number(order['subtotal']) + Number(order['tax_amount']);

      expect(order['subtotal']).toBeCloseTo(sum, 2);
      expect(order['grand_total']).toBeCloseTo(total + Number(order['shipping_amount']), 2);
      for (const { sku, product_id } of items) {
        expect(products.bySku(sku)).toMatchObject({ id: product_id });
      }
      if (customer_id !== undefined) {
        const { email } = customers.find(({ id }) => id === customer_id)!;
        expect(order['customer_email']).toBe(email);
      }
    }
  });

  it('has room for every case of an order and a product', () => {
    const different = (values: readonly unknown[]) => new Set(values).size;

    expect(different(orders.map((order) => order['status']))).toBe(6);
    expect(different(products.all().map(({ status }) => status))).toBe(2);
    expect(different(products.all().map(({ visibility }) => visibility))).toBe(3);
    expect(different(customers.map(({ group_id }) => group_id))).toBe(3);
  });
});
