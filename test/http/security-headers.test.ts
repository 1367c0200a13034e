import { describe, expect, it } from '@jest/globals';
import { connect, operatorsBrowser, pageOf } from '../console/operators.js';
import { merchantsBrowser } from '../own-account/merchants.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { openPopup, sendForm } from '../support/popup.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, otherMerchant, startApp, type TestApp } from '../support/start-app.js';

const app = await startApp();
const secure = await startApp({ publicUrl: 'https://app.example' });

await turnOn(app.deps, otherMerchant.username);

/** A popup of an activation that has arrived, opened by an admin at this origin. */
async function popup(to: TestApp, from = 'https://shop.example') {
  const form = activationForm();
  const visitor = to.visitor();
  await visitor.post('/endpoint').type('form').send(form);
  const callback = `${from}/admin/admin/integration/loginSuccessCallback/`;
  const query = identityQuery(form['oauth_consumer_key']!, callback);
  return { visitor, ...(await openPopup(visitor, `${to.url}/login?${query}`)) };
}

/** What a sign-in in a popup is answered with. */
async function afterSignIn(person: typeof merchant, from?: string) {
  const { visitor, fields } = await popup(app, from);
  return sendForm(visitor, fields, person);
}

const popupPages = {
  'the login page': async () => (await popup(app)).page,
  'the login page after a wrong password': () => afterSignIn({ ...merchant, password: 'none' }),
  'the form for a code': () => afterSignIn(otherMerchant),
  'the question where to return to': () => afterSignIn(merchant, 'https://admin.example'),
  'an exchange that failed': () => afterSignIn(merchant),
  'the way to the login page': () =>
    app.visitor().get(`/login.php?${identityQuery('0'.repeat(32), 'https://shop.example/')}`),
  'a failure in the popup': () => app.visitor().get('/login'),
  'a form that is refused': () => app.visitor().post('/checklogin').type('form').send({}),
  'a form from elsewhere': () =>
    app.visitor().post('/checklogin.php').set('Origin', 'null').type('form').send({}),
  'a code without its popup': () => app.visitor().post('/checklogin/code').type('form').send({}),
  'an answer without its question': () =>
    app.visitor().post('/checklogin/confirm').type('form').send({}),
  'another method': () => app.visitor().put('/checklogin'),
};

const otherPages = {
  'the sign-in of the console': () => app.visitor().get('/console/sign-in'),
  'the way to it': () => app.visitor().get('/console'),
  'the list of stores': async () => (await operatorsBrowser(app)).get('/console'),
  async 'a store'() {
    return (await operatorsBrowser(app)).get(pageOf(await connect(app)));
  },
  'the sign-in of an account': () => app.visitor().get('/account/sign-in'),
  "an account's stores": async () => (await merchantsBrowser(app)).get('/account'),
  "an account's settings": async () => (await merchantsBrowser(app)).get('/account/settings'),
  'a second factor': async () => (await operatorsBrowser(app)).get('/account/second-factor'),
  'a page that does not exist': () => app.visitor().get('/no'),
  'a failure in JSON': () => app.visitor().get('/no').set('Accept', 'application/json'),
  'an address that cannot be read': () => app.visitor().get('/%E0%A4%A'),
};

const assets = {
  'the style sheet': () => app.visitor().get('/assets/style.css'),
  'the script': () => app.visitor().get('/assets/popup.js'),
};

const pages = { ...popupPages, ...otherPages, ...assets };

describe('every page', () => {
  for (const [what, load] of Object.entries(pages)) {
    it(`${what} cannot be framed, sniffed or told from what it is made of`, async () => {
      const { headers } = await load();

      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).toContain("base-uri 'none'");
      expect(headers['content-security-policy']).not.toMatch(/unsafe|nonce|\*|data:|object-src/);
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('strict-transport-security');
    });
  }

  for (const [what, load] of Object.entries(pages)) {
    if (what in assets) continue;
    it(`${what} is kept in no cache`, async () => {
      expect((await load()).headers['cache-control']).toBe('no-store');
    });
  }

  it('asks for https from now on where people reach the app by https', async () => {
    const response = await secure.visitor().get('/console/sign-in');

    expect(response.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
  });
});

describe('the popup', () => {
  for (const [what, load] of Object.entries(popupPages)) {
    it(`${what} lets Magento's window see it, and lets go of it by a script of ours`, async () => {
      const { headers, text } = await load();

      expect(headers).not.toHaveProperty('cross-origin-opener-policy');
      expect(headers['content-security-policy']).toMatch(/script-src 'self'(;|$)/);
      expect(text).toMatch(
        /<head>\s*<meta charset="utf-8">\s*<script src="\/assets\/popup\.js"><\/script>/,
      );
    });
  }

  it('lets its form lead to the origin of the callback and to no other', async () => {
    const { headers } = await popupPages['the login page']();
    const { headers: elsewhere } = await popupPages['the question where to return to']();
    const { headers: failed } = await popupPages['a failure in the popup']();

    const policies = [headers, elsewhere, failed].map((each) => each['content-security-policy']);
    expect(policies[0]).toMatch(/form-action 'self' https:\/\/shop\.example(;|$)/);
    expect(policies[1]).toMatch(/form-action 'self' https:\/\/admin\.example(;|$)/);
    expect(policies[2]).toMatch(/form-action 'self'(;|$)/);
  });
});

describe('any other page', () => {
  for (const [what, load] of Object.entries(otherPages)) {
    it(`${what} stands apart from the window that opened it, and runs no script`, async () => {
      const { headers, text } = await load();

      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toMatch(/form-action 'self'(;|$)/);
      expect(headers['content-security-policy']).not.toContain('script-src');
      expect(text).not.toContain('<script');
    });
  }
});

describe('GET /assets/style.css', () => {
  it('is served as a small style sheet that a cache may keep', async () => {
    const { status, type, text, headers } = await assets['the style sheet']();

    expect(status).toBe(200);
    expect(type).toBe('text/css');
    expect(headers['cache-control']).toBe('public, max-age=3600');
    expect(text).toContain('{');
    expect(Buffer.byteLength(text)).toBeLessThan(20 * 1024);
  });

  it('is all that lies there: no listing, no way out', async () => {
    for (const address of [
      '/assets/',
      '/assets/..%2fpackage.json',
      '/assets/%2e%2e/package.json',
    ]) {
      const { status } = await app.visitor().get(address);

      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });
});

describe('machines', () => {
  it('are told neither of Express nor of a cookie', async () => {
    for (const address of ['/endpoint', '/healthz', '/readyz']) {
      const { headers } = await app.visitor().get(address);

      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });
});
