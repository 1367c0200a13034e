import { describe, expect, it } from '@jest/globals';
import { startStore } from '../../support/start-store.js';
import {
  aclTree,
  type AclResource,
  allPermissions,
  everything,
} from '../../../src/sample-store/webapi/acl.js';
import { restApi } from '../../../src/sample-store/webapi/rest-api.js';
import { matchRoute } from '../../../src/sample-store/webapi/rest-route.js';
import { checkPermission } from '../../../src/sample-store/webapi/permissions.js';
import { storeData } from '../../../src/sample-store/webapi/data/store-data.js';
import { send } from '../third-party.js';
import { read, restClient } from './client.js';

const refused = (resources: string) => ({
  status: 401,
  body: {
    message: "The consumer isn't authorized to access %resources.",
    parameters: { resources },
  },
});

const needs = [
  ['/rest/V1/store/storeConfigs', 'Magento_Backend::store'],
  ['/rest/V1/store/storeViews', 'Magento_Backend::store'],
  ['/rest/V1/store/storeGroups', 'Magento_Backend::store'],
  ['/rest/V1/store/websites', 'Magento_Backend::store'],
  ['/rest/V1/modules', 'Magento_Backend::admin'],
  ['/rest/V1/products?searchCriteria=all', 'Magento_Catalog::products'],
  ['/rest/V1/products/24-MB01', 'Magento_Catalog::products'],
  ['/rest/V1/customers/search?searchCriteria=all', 'Magento_Customer::customer'],
  ['/rest/V1/customers/1', 'Magento_Customer::customer'],
  ['/rest/V1/customers/addresses/1', 'Magento_Customer::manage'],
  ['/rest/V1/customerGroups/search?searchCriteria=all', 'Magento_Customer::group'],
  ['/rest/V1/customerGroups/default', 'Magento_Customer::group'],
  ['/rest/V1/customerGroups/1', 'Magento_Customer::group'],
  ['/rest/V1/orders?searchCriteria=all', 'Magento_Sales::actions_view'],
  ['/rest/V1/orders/1', 'Magento_Sales::actions_view'],
  ['/rest/V1/vendor-module/name', 'Vendor_Module::name'],
] as const;

describe('a permission', () => {
  for (const [target, resource] of needs) {
    it(`${resource} alone opens ${target}`, async () => {
      const { get } = await restClient({ resources: [resource] });

      expect(await get(target)).toMatchObject({ status: 200 });
    });

    it(`${resource} is missed at ${target} by who has all the others`, async () => {
      const others = allPermissions.filter((id) => id !== resource);
      const { get } = await restClient({ resources: others });

      expect(await get(target)).toEqual(refused(resource));
    });
  }

  it('is needed for every GET route that is not open to all or to oneself', () => {
    const tested = needs.map(([target]) => target.replace(/^\/rest|\?.*$/g, ''));
    const open = ['anonymous', 'self'];
    const untested = restApi
      .filter(({ method, resources }) => method === 'GET' && !open.includes(resources[0] ?? ''))
      .filter((route) => !tested.some((path) => matchRoute([route], 'GET', path)));

    expect(untested).toEqual([]);
  });

  for (const method of ['PUT', 'POST', 'DELETE']) {
    it(`to write products is needed for ${method}`, async () => {
      const others = allPermissions.filter((id) => id !== 'Magento_Catalog::products');
      const { call } = await restClient({ resources: others });
      const target = method === 'POST' ? '/rest/V1/products' : '/rest/V1/products/24-MB01';

      // The body is not looked at before the caller.
      expect(await call(method, target, '{')).toEqual(refused('Magento_Catalog::products'));
    });
  }

  it('does not bring what is below it in the tree', async () => {
    const { get } = await restClient({
      resources: ['Magento_Catalog::catalog', 'Magento_Catalog::catalog_inventory'],
    });

    expect(await get('/rest/V1/products/24-MB01')).toEqual(refused('Magento_Catalog::products'));
  });

  it('for everything is one of its own', async () => {
    const { get } = await restClient({ resources: [everything] });

    expect(await get('/rest/V1/products/24-MB01')).toMatchObject({ status: 200 });
    expect(await get('/rest/V1/customers/me')).toEqual(refused('self'));
  });

  it('can be asked for by several names, all of which are needed and told', () => {
    const caller = { kind: 'integration', resources: ['A::a'] } as const;

    expect(() => {
      checkPermission(['A::a', 'B::b'], caller);
    }).toThrow(expect.objectContaining({ parameters: { resources: 'A::a, B::b' } }));
  });
});

describe('an anonymous route', () => {
  const target = '/rest/V1/directory/countries';

  for (const [who, headers] of [
    ['a guest', {}],
    ['somebody whose signature nobody looks at', { Authorization: 'OAuth oauth_nonce="x"' }],
  ] as const) {
    it(`answers ${who}`, async () => {
      const { url } = await startStore();

      const reply = read(await send({ storeUrl: url, target, method: 'GET', headers }));

      expect(reply).toMatchObject({
        status: 200,
        body: [{ id: 'DE' }, { id: 'FR' }, { id: 'US' }],
      });
    });
  }
});

describe('customers/me', () => {
  it('is for customers, not for integrations or guests', async () => {
    const { store, get } = await restClient();
    const asGuest = { storeUrl: store.url, target: '/rest/V1/customers/me', method: 'GET' };

    expect(await get('/rest/V1/customers/me')).toEqual(refused('self'));
    expect(read(await send(asGuest))).toEqual(refused('self'));
  });

  it('answers the customer who calls', () => {
    const caller = { kind: 'customer', customerId: 7 } as const;
    const { route } = matchRoute(restApi, 'GET', '/V1/customers/me')!;
    const data = storeData({ now: () => new Date() });

    checkPermission(route.resources, caller);

    expect(route.answer({ input: {}, data, storeUrl: '', caller })).toMatchObject({ id: 7 });
  });
});

describe('the tree of permissions', () => {
  it('leads to every permission that a route needs, and names each once', () => {
    const needed = restApi.flatMap(({ resources }) => resources);

    expect(allPermissions).toEqual(
      expect.arrayContaining(needed.filter((id) => id.includes('::'))),
    );
    expect(new Set(allPermissions).size).toBe(allPermissions.length);
  });

  it('begins at the admin and has a title for all', () => {
    const titles = (resource: AclResource): string[] => [
      resource.title,
      ...resource.children.flatMap(titles),
    ];

    expect(aclTree.id).toBe('Magento_Backend::admin');
    expect(titles(aclTree)).toHaveLength(allPermissions.length);
    expect(titles(aclTree)).not.toContain('');
  });
});
