import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { checkConnection, type ConnectedStore } from '../../src/magento/check-connection.js';
import { signedCall } from '../../src/magento/signed-call.js';
import { type Shape, shapes } from '../../src/sample-store/addresses.js';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import { type Release, releases } from '../../src/sample-store/releases.js';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, connect, integrationNow, newIntegration } from '../support/popup.js';
import { popupUrlFrom, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const { host, hostname, port } = new URL(app.url);

/** What has reached the address that Magento posts to, as Node's own server saw it. */
const posts: IncomingMessage[] = [];
subscribe('http.server.request.start', (message) => {
  const { request } = message as { readonly request: IncomingMessage };
  if (request.url === '/endpoint' && request.headers.host === host) posts.push(request);
});

const zend = { 'user-agent': 'Magento\\Framework\\HTTP\\ZendClient', connection: 'close' };
const laminas = { 'user-agent': 'Laminas\\Http\\Client', connection: 'close' };

/** By what each release's POST is known; 2.4.7 has lost a header's name, and sends our host and port as one. */
const headersOf: Readonly<Record<Exclude<Release, '2.4.2'>, Readonly<Record<string, string>>>> = {
  '2.3.7': zend,
  '2.4.3': zend,
  '2.4.5': zend,
  '2.4.7': { 'user-agent': 'Laminas\\Http\\Client', [hostname]: port },
  '2.4.8': laminas,
};

/** What each shape puts between the store's address and Magento's paths. */
const base: Readonly<Record<Shape, string>> = {
  plain: '',
  'index.php': 'index.php/',
  'store-code': 'default/',
  'index.php+store-code': 'index.php/default/',
  'sub-directory': 'shop/',
};

/** The four values by which the app calls a store now. */
async function connectionTo({ consumerKey }: Integration): Promise<ConnectedStore> {
  const credential = await app.deps.credentials.find(consumerKey);
  if (!credential) throw new Error('the app holds no credential');
  return { ...credential, ...app.deps.credentials.open(credential) };
}

const awkward = ['100%', 'c++', 'café & co/1', 'a=b&c=d', 'two words', '本-01'];

/** What the store finds of some SKUs, by criteria that every release would order and escape differently. */
async function search({ storeBaseUrl, accessToken, accessTokenSecret, ...rest }: ConnectedStore) {
  const criteria = [
    'searchCriteria[filterGroups][0][filters][0][field]=sku',
    `searchCriteria[filterGroups][0][filters][0][value]=${encodeURIComponent(awkward.join(','))}`,
    'searchCriteria[filterGroups][0][filters][0][conditionType]=in',
    'searchCriteria[pageSize]=10',
  ];
  const url = `${storeBaseUrl}rest/V1/products?${criteria.join('&')}`;
  const credentials = { ...rest, token: accessToken, tokenSecret: accessTokenSecret };
  const { status, text } = await signedCall(app.deps, { method: 'GET', url }, credentials);
  const { items } = JSON.parse(text) as { readonly items?: readonly { readonly sku: string }[] };
  return { status, found: items?.map(({ sku }) => sku).sort() };
}

/** What became of a way through the popup: the answer to the form, and whether what it brought is good. */
async function connected(integration: Integration) {
  const connection = await connectionTo(integration);
  return {
    check: (await checkConnection(app.deps, connection)).result,
    search: await search(connection),
    token: connection.accessToken,
  };
}

describe('the way from Save and Activate to Reauthorize', () => {
  for (const release of releases) {
    // It has a case of its own.
    if (release === '2.4.2') continue;
    for (const shape of shapes) {
      it(`leads through ${release} with a base URL of the shape ${shape}`, async () => {
        const store = await startStore({ now: clock.now, release, shape });
        const postsBefore = posts.length;

        const { integration, activation, response } = await connect(app, store);
        const calls = callsOf(store);
        const first = await connected(integration);
        const old = await connectionTo(integration);
        clock.advance(1);
        const reauthorized = await store.reauthorize(integration.id);
        const { response: again } = await signInAt(app, reauthorized.popupUrl);
        const second = await connected(integration);
        const [row] = integrationNow(store, integration).tokens;

        expect(activation.delivered && reauthorized.delivered).toBe(true);
        expect(posts.slice(postsBefore).map(({ headers }) => headers)).toEqual([
          expect.objectContaining(headersOf[release]),
          expect.objectContaining(headersOf[release]),
        ]);
        expect([response.status, response.headers['location']]).toEqual([
          303,
          activation.successCallbackUrl,
        ]);
        expect(old.storeBaseUrl).toBe(`${store.url}${base[shape]}`);
        expect(calls).toEqual([
          `POST ${base[shape]}oauth/token/request 200`,
          `POST ${base[shape]}oauth/token/access 200`,
          `GET ${base[shape]}rest/V1/store/storeConfigs 200`,
        ]);
        expect([again.status, again.headers['location']]).toEqual([
          303,
          reauthorized.successCallbackUrl,
        ]);
        for (const each of [first, second]) {
          expect(each).toMatchObject({
            check: 'connected',
            search: { status: 200, found: [...awkward].sort() },
          });
        }
        expect(second.token).toBe(row?.token);
        expect((await checkConnection(app.deps, old)).result).toBe('refused');
      });
    }
  }

  it('ends in 2.4.2 before anything has reached the app, where Activate answers 404', async () => {
    const store = await startStore({ now: clock.now, release: '2.4.2' });
    const integration = newIntegration(app, store);
    const postsBefore = posts.length;

    await expect(store.activate(integration.id)).rejects.toThrow('2.4.2 cannot activate');
    const { response } = await signInAt(app, popupUrlFrom(app, integration, store.url));

    expect(posts).toHaveLength(postsBefore);
    expect(response.text).toContain('activation_unknown');
    expect(await app.deps.activations.find(integration.consumerKey)).toBeUndefined();
    expect(store.requests).toEqual([]);
  });
});
