import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { Shape } from '../../src/sample-store/addresses.js';
import { createSampleStore } from '../../src/sample-store/sample-store.js';
import { startStore } from '../support/start-store.js';
import { activatedStore } from './activated-store.js';
import { send, sendSigned, tokenIn } from './third-party.js';

const key = '[0-9a-f]{64}';

/** What each shape announces, where its admin is, and what it does not have. */
const shapes: Record<Shape, { base: string; admin: string; notFound: string[] }> = {
  plain: {
    base: '/',
    admin: '/admin/',
    notFound: ['/default/rest/V1/store/storeConfigs', '/shop/rest/V1/store/storeConfigs'],
  },
  'index.php': {
    base: '/index.php/',
    admin: '/index.php/admin/',
    notFound: ['/rest/V1/store/storeConfigs', '/oauth/token/request', '/admin/'],
  },
  'store-code': {
    base: '/default/',
    admin: '/admin/',
    notFound: ['/rest/V1/store/storeConfigs', '/oauth/token/request', '/default/admin/'],
  },
  'index.php+store-code': {
    base: '/index.php/default/',
    admin: '/index.php/admin/',
    notFound: ['/default/rest/V1/store/storeConfigs', '/index.php/oauth/token/request', '/admin/'],
  },
  'sub-directory': {
    base: '/shop/',
    admin: '/shop/admin/',
    notFound: ['/rest/V1/store/storeConfigs', '/oauth/token/request', '/admin/'],
  },
};

describe('a store of the shape', () => {
  for (const [name, { base, admin, notFound }] of Object.entries(shapes)) {
    const shape = name as Shape;

    it(`${shape} announces ${base}, and answers token and REST calls there`, async () => {
      const { store, clock, callback, credentials } = await activatedStore({ shape });
      const announced = new URLSearchParams(callback.posts[0]?.body).get('store_base_url') ?? '';
      const { pathname } = new URL(announced);
      const { consumerKey, consumerSecret, verifier } = credentials();
      const call = (target: string, signer: object, method = 'POST') =>
        sendSigned(
          { storeUrl: store.url, target: pathname + target, method },
          { consumerKey, consumerSecret, ...signer },
          clock.now(),
        );

      const requested = tokenIn(await call('oauth/token/request', {}));
      const granted = tokenIn(await call('oauth/token/access', { ...requested, verifier }));
      const reply = await call('rest/V1/store/storeConfigs', granted, 'GET');

      expect(announced).toBe(store.url + base.slice(1));
      expect(reply.status).toBe(200);
      const folder = shape === 'sub-directory' ? 'shop/' : '';
      expect(JSON.parse(reply.body)).toMatchObject([
        {
          base_url: store.url + folder,
          base_link_url: announced,
          base_media_url: `${store.url}${folder}media/`,
        },
      ]);
    });

    it(`${shape} has its admin at ${admin}`, async () => {
      const store = createSampleStore({ shape });

      const { headers } = await request(store.app).get(admin).expect(302);
      await request(store.app).get(String(headers['location'])).expect(200);

      expect(headers['location']).toMatch(
        new RegExp(`^${admin}admin/integration/index/key/${key}/$`),
      );
    });

    for (const path of notFound) {
      it(`${shape} has nothing at ${path}`, async () => {
        const { app } = createSampleStore({ shape });

        await request(app).get(path).expect(404);
      });
    }
  }

  for (const path of ['/rest/default/V1/x', '/default/rest/V1/x', '/index.php/rest/all/V1/x']) {
    it(`store-code takes the code behind rest as well as before it, as in ${path}`, async () => {
      const { app } = createSampleStore({ shape: 'store-code' });

      const { text } = await request(app).get(path).expect(404);

      expect(text).toMatch('Request does not match any route.');
    });
  }
});

describe('a front name', () => {
  it('takes the place of admin everywhere', async () => {
    const store = createSampleStore({ adminFrontName: 'backend_x1' });
    const agent = request(store.app);

    const { headers } = await agent.get('/backend_x1/').expect(302);
    const { text } = await agent.get(String(headers['location'])).expect(200);
    const { text: home } = await agent.get('/');

    expect(headers['location']).toMatch(/^\/backend_x1\/admin\/integration\/index\/key\//);
    expect(text).not.toMatch('"/admin/');
    expect(text).toMatch('src="/backend_x1/admin.js"');
    expect(home).toMatch('href="/backend_x1/"');
    await agent.get('/backend_x1/admin.js').expect(200);
    await agent.get('/admin/').expect(404);
  });

  it('is in the address of the success callback', async () => {
    const { store, id } = await activatedStore({ adminFrontName: 'backend_x1' });

    const { successCallbackUrl } = await store.activate(id);

    expect(successCallbackUrl).toMatch(
      new RegExp(`^${store.url}backend_x1/admin/integration/loginSuccessCallback/key/${key}/$`),
    );
  });

  for (const adminFrontName of ['', 'a/b', 'a-b', ':x', 'rest', '_store']) {
    it(`cannot be ${JSON.stringify(adminFrontName)}`, () => {
      expect(() => createSampleStore({ adminFrontName })).toThrow(RangeError);
    });
  }
});

describe('a separate admin domain', () => {
  it('is listened to by the same store, and is where its pages and the success callback are', async () => {
    const store = await startStore({ adminUrl: 'http://admin.localhost:0' });
    const { id } = store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '' });
    const { host } = new URL(store.adminUrl);

    const { successCallbackUrl } = await store.activate(id);
    const get = (storeUrl: string, headers = {}) =>
      send({ storeUrl, target: new URL(successCallbackUrl).pathname, method: 'GET', headers });
    const there = await get(store.adminUrl, { Host: host });
    const here = await get(store.url);

    expect(store.adminUrl).toMatch(/^http:\/\/admin\.localhost:\d+\/admin\/$/);
    expect(host).not.toBe(new URL(store.url).host);
    expect(successCallbackUrl).toMatch(`${store.adminUrl}admin/integration/loginSuccessCallback/`);
    expect([there.status, here.status]).toEqual([200, 404]);
  });

  it('may differ in its name alone', async () => {
    const agent = request(createSampleStore({ adminUrl: 'http://admin.localhost:4000/' }).app);

    await agent.get('/admin/').set('Host', 'Admin.localhost:4000').expect(302);
    await agent.get('/admin/').set('Host', 'localhost:4000').expect(404);
    const { text } = await agent.get('/').set('Host', 'localhost:4000');

    expect(text).toMatch('href="http://admin.localhost:4000/admin/"');
  });

  it('may have a folder, and does not take part in the shape of the store', async () => {
    const adminUrl = 'http://admin.localhost:4000/back';
    const { app } = createSampleStore({ adminUrl, shape: 'sub-directory' });

    const { headers } = await request(app)
      .get('/back/admin/')
      .set('Host', 'admin.localhost:4000')
      .expect(302);

    expect(headers['location']).toMatch(/^\/back\/admin\/admin\/integration\/index\//);
  });

  it('whose port is taken leaves nothing listening', async () => {
    const taken = await startStore();
    const free = createSampleStore();
    const { port } = new URL((await free.listen(0)).url);
    await free.close();

    const store = createSampleStore({ adminUrl: taken.url });
    await expect(store.listen(Number(port))).rejects.toMatchObject({ code: 'EADDRINUSE' });

    const { url } = await free.listen(Number(port));
    await free.close();
    expect(new URL(url).port).toBe(port);
  });

  for (const adminUrl of ['https://admin.shop.example/', 'http://admin.shop.example:8080/']) {
    it(`that is somewhere else is not listened to: ${adminUrl}`, async () => {
      const store = await startStore({ adminUrl });

      expect(store.adminUrl).toBe(`${adminUrl}admin/`);
    });
  }
});
