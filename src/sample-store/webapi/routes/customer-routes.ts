import { MagentoError } from '../../calls/magento-error.js';
import type { Customer } from '../data/customers.js';
import type { StoreData } from '../data/store-data.js';
import type { RestRoute } from '../rest-route.js';
import { noSuchEntity } from '../no-such-entity.js';
import { search, type Column } from '../search/search.js';
import { searchCriteriaOf } from '../search/search-criteria.js';
import { wholeNumber } from '../typed-input.js';

const searchable = [
  'group_id',
  'created_at',
  'updated_at',
  'created_in',
  'dob',
  'email',
  'firstname',
  'lastname',
  'gender',
  'store_id',
  'website_id',
  'default_billing',
  'default_shipping',
] as const;

/** Customers, for reading. `me` is for a customer's own token or session. */
export const customerRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/V1/customers/search',
    resources: ['Magento_Customer::customer'],
    answer: ({ input, data }) => search(data.customers, customerColumn, searchCriteriaOf(input)),
  },
  {
    method: 'GET',
    path: '/V1/customers/me',
    resources: ['self'],
    answer: ({ data, caller }) =>
      customerOf(data, caller.kind === 'customer' ? caller.customerId : 0),
  },
  {
    method: 'GET',
    path: '/V1/customers/:customerId',
    resources: ['Magento_Customer::customer'],
    answer: ({ input, data }) => customerOf(data, wholeNumber(input['customerId'])),
  },
  {
    method: 'GET',
    path: '/V1/customers/addresses/:addressId',
    resources: ['Magento_Customer::manage'],
    answer: ({ input, data }) => {
      const id = wholeNumber(input['addressId']);
      const address = data.customers
        .flatMap(({ addresses }) => addresses)
        .find((candidate) => candidate.id === id);
      if (address) return address;
      throw noSuchEntity('addressId', id);
    },
  },
];

function customerOf({ customers }: StoreData, id: number): Customer {
  const found = customers.find((customer) => customer.id === id);
  if (found) return found;
  throw noSuchEntity('customerId', id);
}

function customerColumn(field: string): Column<Customer> {
  if (field === 'entity_id') return ({ id }) => [id];
  const name = searchable.find((candidate) => candidate === field);
  if (!name) {
    throw new MagentoError(
      400,
      'The "%1" attribute name is invalid. Reset the name and try again.',
      [field],
    );
  }
  return (customer) => {
    const value = customer[name];
    return value === undefined ? [] : [value];
  };
}
