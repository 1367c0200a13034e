import { MagentoError, missingParameters } from '../../calls/magento-error.js';
import type { Product } from '../data/products.js';
import type { StoreData } from '../data/store-data.js';
import { memberOf } from '../php-array.js';
import { productColumn } from '../products/product-columns.js';
import { savedProduct } from '../products/product-save.js';
import type { RestCall, RestRoute } from '../rest-route.js';
import { search } from '../search/search.js';
import { searchCriteriaOf } from '../search/search-criteria.js';

const resources = ['Magento_Catalog::products'];

/** The catalogue. Saving by POST and by PUT is the same to Magento: what is there changes, what is not is made. */
export const productRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/V1/products',
    resources,
    answer: ({ input, data }) => {
      const { items, ...rest } = search(
        data.products.all(),
        productColumn,
        searchCriteriaOf(input),
      );
      return { items: items.map(withoutStock), ...rest };
    },
  },
  {
    method: 'GET',
    path: '/V1/products/:sku',
    resources,
    answer: ({ input, data }) => existing(data, input['sku']),
  },
  {
    method: 'POST',
    path: '/V1/products',
    resources,
    answer: (call) => savedProduct(call.data, bodyOf(call)),
  },
  {
    method: 'PUT',
    path: '/V1/products/:sku',
    resources,
    answer: (call) => savedProduct(call.data, { ...bodyOf(call), sku: call.input['sku'] }),
  },
  {
    method: 'DELETE',
    path: '/V1/products/:sku',
    resources,
    answer: ({ input, data }) => data.products.remove(existing(data, input['sku']).sku),
  },
];

function bodyOf({ input }: RestCall): object {
  const product = memberOf(input, 'product');
  if (product === undefined) throw missingParameters(['product']);
  return typeof product === 'object' && product !== null ? product : {};
}

function existing({ products }: StoreData, sku: unknown): Product {
  const found = products.bySku(String(sku));
  if (found) return found;
  throw new MagentoError(
    404,
    "The product that was requested doesn't exist. Verify the product and try again.",
  );
}

/** Only a product that is asked for by its SKU comes with its stock. */
function withoutStock({ extension_attributes, ...product }: Product) {
  const { stock_item: _, ...rest } = extension_attributes;
  return { ...product, extension_attributes: rest };
}
