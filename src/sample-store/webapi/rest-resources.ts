import { MagentoError } from '../calls/magento-error.js';

/** A route of the REST API: what it needs, and what it answers. */
export interface RestResource {
  /** The permission that an integration must have. */
  readonly needs: string;
  readonly path: RegExp;
  /** What GET answers, given what the path's group holds and the store's address. */
  readonly read: (key: string, storeUrl: string) => unknown;
}

const products = [
  product(1, '24-MB01', 'Joust Duffle Bag', 34),
  product(2, '24-MB04', 'Strive Shoulder Pack', 32),
  product(3, 'WS12-M-Orange', 'Radiant Tee', 22),
  product(4, 'café & co/1', 'Gift card "Café & Co"', 50),
];

/** All that this store's REST API has. */
export const restResources: readonly RestResource[] = [
  {
    needs: 'Magento_Backend::store',
    path: /^\/V1\/store\/storeConfigs\/?$/,
    read: (_, storeUrl) => [storeConfig(storeUrl)],
  },
  {
    needs: 'Magento_Catalog::products',
    path: /^\/V1\/products\/([^/]+)\/?$/,
    read: productOf,
  },
];

/** The permissions that an integration of this store can have. */
export const allPermissions: readonly string[] = restResources.map(({ needs }) => needs);

function productOf(sku: string): unknown {
  const found = products.find((candidate) => candidate.sku === sku);
  if (found) return found;
  throw new MagentoError(
    404,
    "The product that was requested doesn't exist. Verify the product and try again.",
  );
}

function product(id: number, sku: string, name: string, price: number) {
  return { id, sku, name, attribute_set_id: 4, price, status: 1, visibility: 4, type_id: 'simple' };
}

function storeConfig(storeUrl: string) {
  return {
    id: 1,
    code: 'default',
    website_id: 1,
    locale: 'en_US',
    base_currency_code: 'USD',
    default_display_currency_code: 'USD',
    timezone: 'America/Chicago',
    weight_unit: 'lbs',
    base_url: storeUrl,
    base_link_url: storeUrl,
    base_static_url: `${storeUrl}static/`,
    base_media_url: `${storeUrl}media/`,
    secure_base_url: storeUrl,
    secure_base_link_url: storeUrl,
    secure_base_static_url: `${storeUrl}static/`,
    secure_base_media_url: `${storeUrl}media/`,
  };
}
