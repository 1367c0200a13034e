import { MagentoError } from '../../calls/magento-error.js';
import type { Order } from '../data/orders.js';
import type { RestRoute } from '../rest-route.js';
import { type Column, search } from '../search/search.js';
import { searchCriteriaOf } from '../search/search-criteria.js';
import { wholeNumber } from '../typed-input.js';

const resources = ['Magento_Sales::actions_view'];

/** Orders, for reading. */
export const orderRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/V1/orders',
    resources,
    answer: ({ input, data: { orders } }) => {
      const columns = new Set(
        orders.flatMap((order) => Object.keys(order).filter(isColumn(order))),
      );
      return search(orders, (field) => orderColumn(columns, field), searchCriteriaOf(input));
    },
  },
  {
    method: 'GET',
    path: '/V1/orders/:id',
    resources,
    answer: ({ input, data: { orders } }) => {
      const id = wholeNumber(input['id']);
      const found = orders.find(({ entity_id }) => entity_id === id);
      if (found) return found;
      throw new MagentoError(
        404,
        "The entity that was requested doesn't exist. Verify the entity and try again.",
      );
    },
  },
];

function isColumn(order: Order): (field: string) => boolean {
  return (field) => typeof order[field] !== 'object';
}

/** @throws TypeError for a column that the table does not have: an SQL error, which Magento shows nobody. */
function orderColumn(columns: ReadonlySet<string>, field: string): Column<Order> {
  if (!columns.has(field)) throw new TypeError(`Unknown column '${field}' in 'where clause'`);
  return (order) => {
    const value = order[field];
    return typeof value === 'string' || typeof value === 'number' ? [value] : [];
  };
}
