import { describe, expect, it } from '@jest/globals';
import { connect, operatorsBrowser, pageOf } from '../console/operators.js';
import { merchantsBrowser } from '../own-account/merchants.js';
import { activationForm, hiddenFields, identityQuery } from '../support/activation.js';
import { callsOf, newIntegration, openPopup, sendForm, type Visitor } from '../support/popup.js';
import { merchant, operator, startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const app = await startApp();
const secure = await startApp({ publicUrl: 'https://app.example' });
const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';

/** A form as its page sends it. */
interface Form {
  readonly browser: Visitor;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

/** The login form of a popup whose password is wrong, so that it can be sent again and again. */
async function loginForm(to: TestApp): Promise<Form> {
  const activation = activationForm();
  const host = new URL(to.deps.publicUrl).host;
  await to.visitor().post('/endpoint').set('Host', host).type('form').send(activation);
  const browser = to.visitor();
  const query = identityQuery(activation['oauth_consumer_key']!, callback);
  const { fields } = await openPopup(browser, `${to.url}/login?${query}`);
  return {
    browser,
    action: '/checklogin',
    fields: { ...fields, username: 'nobody', password: 'none' },
  };
}

const forms: Readonly<Record<string, () => Promise<Form>>> = {
  'of the popup': () => loginForm(app),
  async 'of a sign-in at the console'() {
    const browser = app.visitor();
    const { text } = await browser.get('/console/sign-in');
    return { browser, action: '/console/sign-in', fields: { ...hiddenFields(text), ...operator } };
  },
  async 'of a merchant'() {
    const browser = await merchantsBrowser(app);
    const { text } = await browser.get('/account/settings');
    const fields = { ...hiddenFields(text), language: '' };
    return { browser, action: '/account/settings/language', fields };
  },
  async 'of an operator'() {
    const browser = await operatorsBrowser(app);
    const action = `${pageOf(await connect(app))}/check`;
    const { text } = await browser.get(action.replace('/check', ''));
    return { browser, action, fields: hiddenFields(text) };
  },
};

function send({ browser, action, fields }: Form, headers: Headers) {
  return browser.post(action).set(headers).type('form').send(fields);
}

const foreign: Readonly<Record<string, Headers>> = {
  'of another site': { 'Sec-Fetch-Site': 'cross-site' },
  'of a neighbour, such as another name of the same domain': { 'Sec-Fetch-Site': 'same-site' },
  'of no site': { 'Sec-Fetch-Site': 'none' },
  'of a site that is not known': { 'Sec-Fetch-Site': 'anything' },
  'of two sites': { 'Sec-Fetch-Site': 'same-origin, cross-site' },
  'of another site, with our origin': { 'Sec-Fetch-Site': 'cross-site', Origin: app.url },
  'of another origin': { Origin: 'https://evil.example' },
  'of no origin': { Origin: 'null' },
  'of an empty origin': { Origin: '' },
  'of a name that begins with ours': { Origin: `${app.url}.evil.example` },
  'of another port': { Origin: 'http://localhost:1' },
  'of another scheme': { Origin: app.url.replace('http:', 'https:') },
  'of two origins': { Origin: `${app.url} https://evil.example` },
};

const own: Readonly<Record<string, Headers>> = {
  'of our own site': { 'Sec-Fetch-Site': 'same-origin' },
  'of our own site, whatever a proxy makes of the host': {
    'Sec-Fetch-Site': 'same-origin',
    Origin: 'https://outside.example',
  },
  'of our own origin': { Origin: app.url },
  'by another name of this machine': {
    Origin: app.url.replace('localhost', '127.0.0.1'),
    Host: new URL(app.url).host.replace('localhost', '127.0.0.1'),
  },
  'that says nothing, as old browsers do': {},
};

for (const [what, open] of Object.entries(forms)) {
  describe(`a form ${what}`, () => {
    for (const [whence, headers] of Object.entries(foreign)) {
      it(`is refused from a page ${whence}, though its token is right`, async () => {
        const response = await send(await open(), headers);

        expect(response.status).toBe(403);
        expect(response.text).toContain('foreign_form');
        expect(response.headers).not.toHaveProperty('set-cookie');
        expect(response.headers).not.toHaveProperty('location');
      });
    }

    for (const [whence, headers] of Object.entries(own)) {
      it(`is taken from a page ${whence}`, async () => {
        const response = await send(await open(), headers);

        expect(response.status).not.toBe(403);
      });

      it(`is refused from a page ${whence} without its token`, async () => {
        const { fields, ...form } = await open();

        const response = await send({ ...form, fields: { ...fields, _csrf: '' } }, headers);

        expect(response.status).toBe(403);
        expect(response.text).not.toContain('foreign_form');
      });
    }
  });
}

describe('a form of an app whose address is https', () => {
  const origins: readonly (readonly [host: string, origin: string, isOurs: boolean])[] = [
    ['app.example', 'https://app.example', true],
    ['app.example', 'http://app.example', false],
    ['app.example:443', 'http://app.example:443', false],
    ['localhost:3000', 'http://localhost:3000', true],
    ['localhost:99999', 'http://localhost:99999', false],
  ];
  for (const [host, origin, isOurs] of origins) {
    it(`is ${isOurs ? 'taken' : 'refused'} from ${origin}, sent to ${host}`, async () => {
      const form = await loginForm(secure);

      const response = await send(form, { Host: host, Origin: origin });

      // A secure cookie does not get here over http, so that one which is taken has no session.
      expect(response.text).toContain(isOurs ? 'form_expired' : 'foreign_form');
    });
  }
});

describe('a link from another site', () => {
  it('opens the popup: only forms are looked at', async () => {
    const store = await startStore();
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const { pathname, search } = new URL(popupUrl);

    const response = await app
      .visitor()
      .get(`${pathname}${search}`)
      .set({ 'Sec-Fetch-Site': 'cross-site', Origin: 'https://admin.example' });

    expect(response.status).toBe(303);
  });
});

describe('a form from elsewhere', () => {
  it('connects nothing, though it has the right password', async () => {
    const store = await startStore();
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const browser = app.visitor();
    const { fields } = await openPopup(browser, popupUrl);

    const response = await sendForm(browser, fields, merchant).set('Sec-Fetch-Site', 'cross-site');

    expect(response.status).toBe(403);
    expect(callsOf(store)).toEqual([]);
  });
});
