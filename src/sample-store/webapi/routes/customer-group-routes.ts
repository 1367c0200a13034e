import { type CustomerGroup, customerGroups } from '../data/customer-groups.js';
import { noSuchEntity } from '../no-such-entity.js';
import type { RestRoute } from '../rest-route.js';
import { type Column, search } from '../search/search.js';
import { searchCriteriaOf } from '../search/search-criteria.js';
import { wholeNumber } from '../typed-input.js';

const resources = ['Magento_Customer::group'];

const columns: Readonly<Record<string, Column<CustomerGroup>>> = {
  id: ({ id }) => [id],
  customer_group_id: ({ id }) => [id],
  code: ({ code }) => [code],
  customer_group_code: ({ code }) => [code],
  tax_class_id: ({ tax_class_id }) => [tax_class_id],
  tax_class_name: ({ tax_class_name }) => [tax_class_name],
};

/** Customer groups, for reading. */
export const customerGroupRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/V1/customerGroups/search',
    resources,
    answer: ({ input }) => search(customerGroups, groupColumn, searchCriteriaOf(input)),
  },
  {
    method: 'GET',
    path: '/V1/customerGroups/default',
    resources,
    answer: () => groupOf(1),
  },
  {
    method: 'GET',
    path: '/V1/customerGroups/:id',
    resources,
    answer: ({ input }) => groupOf(wholeNumber(input['id'])),
  },
];

function groupOf(id: number): CustomerGroup {
  const found = customerGroups.find((group) => group.id === id);
  if (found) return found;
  throw noSuchEntity('id', id);
}

/** @throws TypeError for a column that the table does not have: an SQL error, which Magento shows nobody. */
function groupColumn(field: string): Column<CustomerGroup> {
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
  if (column) return column;
  throw new TypeError(`Unknown column '${field}' in 'where clause'`);
}
