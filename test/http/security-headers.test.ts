import { describe, expect, it } from '@jest/globals';
import { activationForm, identityQuery } from '../support/activation.js';
import { openPopup } from '../support/popup.js';
import { startApp, type TestApp } from '../support/start-app.js';

const app = await startApp();
const secure = await startApp({ publicUrl: 'https://app.example' });

/** The login form of an activation that has arrived. */
async function loginPage(to: TestApp) {
  const form = activationForm();
  const visitor = to.visitor();
  await visitor.post('/endpoint').type('form').send(form);
  const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';
  const query = identityQuery(form['oauth_consumer_key']!, callback);
  return (await openPopup(visitor, `${to.url}/login?${query}`)).page;
}

const pages = {
  'the login page': () => loginPage(app),
  'a failure in the popup': () => app.visitor().get('/login'),
  'a form that is refused': () => app.visitor().post('/checklogin').type('form').send({}),
  'the sign-in of the console': () => app.visitor().get('/console/sign-in'),
  'the way to it': () => app.visitor().get('/console'),
  'a page that does not exist': () => app.visitor().get('/no'),
  'a failure in JSON': () => app.visitor().get('/no').set('Accept', 'application/json'),
  'the style sheet': () => app.visitor().get('/assets/style.css'),
};

describe('every page', () => {
  for (const [what, load] of Object.entries(pages)) {
    it(`${what} cannot be framed, sniffed or told from what it is made of`, async () => {
      const { headers } = await load();

      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).toContain("base-uri 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('strict-transport-security');
    });
  }

  for (const [what, load] of Object.entries(pages)) {
    if (what === 'the style sheet') continue;
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
  for (const what of [
    'the login page',
    'a failure in the popup',
    'a form that is refused',
  ] as const) {
    it(`${what} lets Magento's window see it`, async () => {
      expect((await pages[what]()).headers).not.toHaveProperty('cross-origin-opener-policy');
    });
  }

  it('lets its form lead to the origin of the callback and to no other', async () => {
    const { headers } = await pages['the login page']();

    expect(headers['content-security-policy']).toContain("form-action 'self' https://shop.example");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

describe('the console', () => {
  for (const what of ['the sign-in of the console', 'the way to it'] as const) {
    it(`${what} stands apart from the window that opened it`, async () => {
      const { headers } = await pages[what]();

      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toMatch(/form-action 'self'(;|$)/);
    });
  }
});

describe('GET /assets/style.css', () => {
  it('is served as a small style sheet that a cache may keep', async () => {
    const { status, type, text, headers } = await pages['the style sheet']();

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
