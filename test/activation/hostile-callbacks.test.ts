import { describe, expect, it } from '@jest/globals';
import { identityQuery } from '../support/activation.js';
import { connect, newIntegration, openPopup, sendForm } from '../support/popup.js';
import { popupUrlFrom, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { hostileCallbacks } from './hostile-callbacks.js';

const confirmed = 'http://admin.example';
const listed = 'http://admin.example:8080';
const app = await startApp({ returnOrigins: [listed] });
const store = await startStore();
const integration = newIntegration(app, store);
await store.activate(integration.id);
const { origin: storeOrigin, host } = new URL(store.url);

/** A sign-in, complete but for the answer to a question, with this callback. */
async function signInWith(callback: string) {
  const visitor = app.visitor();
  const query = identityQuery(integration.consumerKey, callback);
  const { page, fields } = await openPopup(visitor, `${app.url}/login?${query}`);
  const answer = page.status === 200 ? await sendForm(visitor, fields) : page;
  return { visitor, page, fields, answer };
}

/** Everything that an answer has to say, but for what names an address on purpose. */
function said({ headers, text }: { readonly headers: object; readonly text: string }): string {
  return JSON.stringify({ ...headers, text });
}

const callbacks = hostileCallbacks(host);
const signIns = new Map<string, Awaited<ReturnType<typeof signInWith>>>();
for (const callback of callbacks) signIns.set(callback, await signInWith(callback));

describe('an address to return to that wants to lead elsewhere', () => {
  it('has more than 150 spellings', () => {
    expect(callbacks.length).toBeGreaterThan(150);
  });

  it('is followed by nobody without a question: no answer leads away from the store', () => {
    const away = [...signIns].filter(([, { answer }]) => {
      const { location } = answer.headers as { location?: string };
      return location !== undefined && new URL(location, app.url).origin !== storeOrigin;
    });

    expect(away.map(([callback]) => callback)).toEqual([]);
  });

  it('leads nowhere at all', () => {
    const followed = [...signIns].filter(([, { answer }]) => 'location' in answer.headers);

    expect(followed.map(([callback]) => callback)).toEqual([]);
  });

  it('is refused, or asked about with the whole host as a browser reads it', () => {
    const outcomes = { refused: 0, asked: 0 };
    for (const [callback, { page, answer }] of signIns) {
      if (page.status !== 200) {
        // Empty, it counts as missing.
        expect([callback, page.status]).toEqual([callback, callback === '' ? 404 : 400]);
        outcomes.refused += 1;
        continue;
      }
      outcomes.asked += 1;
      const { host: shown } = new URL(callback);
      expect([callback, answer.status]).toEqual([callback, 200]);
      expect(answer.text).toContain(`and return to <span class="host">${shown}</span>?`);
    }

    expect(outcomes.refused).toBeGreaterThan(150);
    expect(outcomes.asked).toBeGreaterThan(10);
  });

  it('adds no header and stands in no page or log line', () => {
    for (const [callback, { page, answer }] of signIns) {
      const text = said(page) + said(answer);
      expect([callback, /set-cookie: ?x=y|loginSuccessCallback/i.test(text)]).toEqual([
        callback,
        false,
      ]);
    }
    expect(app.logged()).not.toContain('loginSuccessCallback');
    for (const line of app.logged().trimEnd().split('\n')) JSON.parse(line);
  });

  it('asks the store nothing', () => {
    expect(store.requests).toEqual([]);
  });
});

describe('an address to return to that is in order', () => {
  it('is followed: on the origin of the store, on one that was agreed to, on one that is listed', async () => {
    const first = await signInAt(app, popupUrlFrom(app, integration, confirmed));
    const answer = await first.visitor.post('/checklogin/confirm').type('form').send(first.fields);
    const ways = [store.url, confirmed, listed];

    const back = await Promise.all(
      ways.map((at) => signInAt(app, popupUrlFrom(app, integration, at))),
    );

    expect(answer.status).toBe(303);
    expect(back.map(({ response }) => response.status)).toEqual([303, 303, 303]);
    expect(
      back.map(({ response }) => new URL(String(response.headers['location'])).origin),
    ).toEqual(ways.map((at) => new URL(at).origin));
  });

  it('stays closed to all the others then, too', async () => {
    const open = [storeOrigin, confirmed, listed];
    for (const callback of callbacks.filter((each) => signIns.get(each)?.page.status === 200)) {
      const { answer } = await signInWith(callback);

      expect([callback, answer.status]).toEqual([callback, 200]);
      expect(open).not.toContain(new URL(callback).origin);
    }
  }, 60_000);
});

describe('the way back', () => {
  const key = 'ab12'.repeat(16);
  const bases = [
    'https://shop.example/admin',
    'https://shop.example/index.php/admin',
    'https://shop.example/admin_1x7z9q',
    'https://shop.example/index.php/backend',
    'https://shop.example:8443/admin',
    'https://shop.example:443/admin',
    'https://SHOP.example/Admin',
    'HTTPS://shop.example/admin',
    'https://admin.shop.example/x',
    'https://shop.example/de/index.php/admin',
    'https://shop.example/a-b_c.d~e/admin',
    'https://shop.example/%7Eshop/admin',
    'https://shop.example/my%20shop/admin',
    'https://shop.example/caf%C3%A9/admin',
    "https://shop.example/it's/admin",
    'https://shop.example/a!b$c&d(e)f*g+h,i;j=k:l@m/admin',
    'https://xn--bcher-kva.example/admin',
    'https://shop.co.example/magento2/pub/admin',
    'http://10.0.0.7/admin',
    'http://192.168.1.20:8080/index.php/admin',
    'http://[2001:db8::7]/admin',
    'http://localhost:4000/admin',
    'http://shop/admin',
  ];
  const ends = [
    '/admin/integration/loginSuccessCallback',
    '/admin/integration/loginSuccessCallback/',
    `/admin/integration/loginSuccessCallback/key/${key}`,
    `/admin/integration/loginSuccessCallback/key/${key}/`,
  ];
  const addresses = bases.map((base, at) => `${base}${ends[at % ends.length]!}`);

  it('is the address that came, byte for byte, by 303 and without a body', async () => {
    const every = addresses.map((address) => new URL(address).origin);
    const open = await startApp({ returnOrigins: every });
    const connected = await connect(open, await startStore());
    const { consumerKey } = connected.integration;
    expect(addresses.length).toBeGreaterThan(20);
    for (const address of addresses) {
      const visitor = open.visitor();
      const query = identityQuery(consumerKey, address);
      const { fields } = await openPopup(visitor, `${open.url}/login?${query}`);

      const response = await sendForm(visitor, fields);

      expect([address, response.status]).toEqual([address, 303]);
      expect(response.headers['location']).toBe(address);
      expect(response.text).toBe('');
    }
  });
});
