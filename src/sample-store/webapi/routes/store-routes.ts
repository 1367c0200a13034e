import { MagentoError } from '../../calls/magento-error.js';
import {
  countries,
  modules,
  storeConfig,
  storeGroups,
  storeViews,
  websites,
} from '../data/stores.js';
import type { RestRoute } from '../rest-route.js';

/** The store itself, what anyone may know of it, and the one route of the shop's own module. */
export const storeRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    path: '/V1/store/storeConfigs',
    resources: ['Magento_Backend::store'],
    answer: ({ storeUrl }) => [storeConfig(storeUrl)],
  },
  {
    method: 'GET',
    path: '/V1/store/storeViews',
    resources: ['Magento_Backend::store'],
    answer: () => storeViews,
  },
  {
    method: 'GET',
    path: '/V1/store/storeGroups',
    resources: ['Magento_Backend::store'],
    answer: () => storeGroups,
  },
  {
    method: 'GET',
    path: '/V1/store/websites',
    resources: ['Magento_Backend::store'],
    answer: () => websites,
  },
  {
    method: 'GET',
    path: '/V1/modules',
    resources: ['Magento_Backend::admin'],
    answer: () => modules,
  },
  {
    method: 'GET',
    path: '/V1/directory/countries',
    resources: ['anonymous'],
    answer: () => countries,
  },
  {
    method: 'GET',
    path: '/V1/directory/countries/:countryId',
    resources: ['anonymous'],
    answer: ({ input }) => {
      const found = countries.find(({ id }) => id === input['countryId']);
      if (found) return found;
      throw new MagentoError(404, "The country isn't available.");
    },
  },
  {
    method: 'GET',
    path: '/V1/vendor-module/name',
    resources: ['Vendor_Module::name'],
    answer: () => 'Vendor_Module',
  },
];
