import { once } from '../../once.js';
import { type Customer, initialCustomers } from './customers.js';
import { initialOrders, type Order } from './orders.js';
import { initialProducts } from './products.js';
import { type ProductTable, productTable } from './product-table.js';
import { timestamp } from './seeded.js';

/** What a store sells, to whom, and what has been ordered. */
export interface StoreData {
  readonly products: ProductTable;
  readonly customers: readonly Customer[];
  readonly orders: readonly Order[];
  /** The present moment by the store's clock, as it is written into what changes. */
  readonly timestamp: () => string;
}

/**
 * The same data in every store to begin with, and each store's own from then on. Made when a call first needs it,
 * because most stores are started for something else.
 */
export function storeData({ now }: { now: () => Date }): StoreData {
  const products = once(initialProducts);
  const customers = once(initialCustomers);
  const table = once(() => productTable(products()));
  const orders = once(() => initialOrders(products(), customers()));
  return {
    get products() {
      return table();
    },
    get customers() {
      return customers();
    },
    get orders() {
      return orders();
    },
    timestamp: () => timestamp(now()),
  };
}
