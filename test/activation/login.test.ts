import { describe, expect, it } from '@jest/globals';
import { activationForm, identityQuery } from '../support/activation.js';
import { readable } from '../support/failure-page.js';
import { supportCode } from '../../src/timeline/support-code.js';
import { fakeClock } from '../support/fake-clock.js';
import { newIntegration, openPopup, sendForm } from '../support/popup.js';
import { merchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const key64 = 'ab12'.repeat(16);
const callback = `https://shop.example/admin_x1/admin/integration/loginSuccessCallback/key/${key64}/`;

async function announced(changes: Record<string, string> = {}): Promise<string> {
  const form = activationForm(changes);
  await app.visitor().post('/endpoint').type('form').send(form);
  return form['oauth_consumer_key']!;
}

async function opened(query: string) {
  const visitor = app.visitor();
  return { visitor, ...(await openPopup(visitor, `${app.url}/login?${query}`)) };
}

describe('GET /login', () => {
  it('moves to an address that holds neither key nor callback and shows the form there', async () => {
    const consumerKey = await announced();
    const visitor = app.visitor();

    const first = await visitor.get(`/login?${identityQuery(consumerKey, callback)}`);
    const page = await visitor.get(String(first.headers['location']));

    expect(first.status).toBe(303);
    expect(first.headers['location']).toMatch(/^\/login\?popup=[\w-]{43}$/);
    expect(page.status).toBe(200);
    expect(page.text).toContain('shop.example');
    expect(page.text).toContain('5:00 left');
    expect(page.text).not.toContain(consumerKey);
    expect(page.text).not.toContain(key64);
  });

  it('keeps the callback sealed in the session', async () => {
    const consumerKey = await announced();

    await opened(identityQuery(consumerKey, callback));

    const sessions = await app.redis.keys(`${app.prefix}session:*`);
    const records = await app.redis.mget(sessions);
    expect(records.join()).toContain(consumerKey);
    expect(records.join()).not.toContain(key64);
  });

  it('counts the time from the last POST and warns when it is over', async () => {
    const consumerKey = await announced();
    clock.advance(100);
    const early = await opened(identityQuery(consumerKey, callback));
    clock.advance(200);
    const late = await opened(identityQuery(consumerKey, callback));

    expect(early.page.text).toContain('3:20 left');
    expect(late.page.status).toBe(200);
    expect(readable(late.page.text)).toContain('click Activate in Magento again');
  });

  it('says that an activation has expired 15 minutes after its POST, and forgets it a day later', async () => {
    const consumerKey = await announced();
    clock.advance(901);
    const { page } = await opened(identityQuery(consumerKey, callback));
    // Redis forgets the record by its own clock.
    await app.redis.del(`${app.prefix}activation:{${consumerKey}}`);
    const { page: later } = await opened(identityQuery(consumerKey, callback));
    clock.advance(24 * 3600);
    const { page: nextDay } = await opened(identityQuery(consumerKey, callback));

    expect(page.status).toBe(410);
    expect(page.text).toContain('has expired');
    expect(readable(page.text)).toContain('click Activate (or Reauthorize) again');
    expect(later.status).toBe(410);
    expect(nextDay.status).toBe(404);
  });

  it('reads the parameters behind a query of the identity link', async () => {
    const consumerKey = await announced();

    const { page } = await opened(`tenant=a?${identityQuery(consumerKey, callback)}`);

    expect(page.status).toBe(200);
    expect(page.text).toContain('shop.example');
  });

  it('answers at /login.php', async () => {
    const consumerKey = await announced();

    const response = await app.visitor().get(`/login.php?${identityQuery(consumerKey, callback)}`);

    expect(response.status).toBe(303);
  });

  it('gives one and the same page for a key that is unknown, malformed or repeated, but for a support code', async () => {
    const consumerKey = await announced();
    const pages = await Promise.all(
      [
        identityQuery('0'.repeat(32), callback),
        identityQuery('<script>', callback),
        identityQuery('0'.repeat(33), callback),
        identityQuery(consumerKey.toUpperCase(), callback),
        identityQuery(`${consumerKey}\0`, callback),
        identityQuery('', callback),
        `${identityQuery(consumerKey, callback)}&oauth_consumer_key=${consumerKey}`,
        `oauth_consumer_key=${consumerKey}`,
      ].map((query) => opened(query)),
    );

    const [unknown, malformed] = pages.map(({ page }) => page.text);
    const code = supportCode('0'.repeat(32));
    expect(unknown).toContain(`Code ${code} activation_unknown`);
    expect(unknown?.replace(`${code} `, '')).toBe(malformed);
    expect(new Set(pages.slice(1).map(({ page }) => page.text)).size).toBe(1);
    const heads = pages.map(({ page: { status, headers } }) => {
      const { date, 'content-length': length, ...others } = headers as Record<string, unknown>;
      return { status, others, hasDate: date !== undefined, hasLength: length !== undefined };
    });
    expect(heads).toEqual(heads.map(() => heads[0]));
    expect(heads[0]?.status).toBe(404);
    expect(heads[0]?.others).not.toHaveProperty('set-cookie');
  });

  it('waits for a password from somebody who is signed in already, and connects nothing by itself', async () => {
    const visitor = app.visitor();
    const first = await startStore({ now: clock.now });
    const { popupUrl } = await first.activate(newIntegration(app, first).id);
    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);
    const store = await startStore({ now: clock.now });
    const activation = await store.activate(newIntegration(app, store).id);

    const { page, fields } = await openPopup(visitor, activation.popupUrl);
    const answers = [
      await sendForm(visitor, fields, { ...merchant, password: '' }),
      await visitor.post('/checklogin').type('form').send(fields),
      await visitor.post('/checklogin/confirm').type('form').send(fields),
    ];

    expect(page.status).toBe(200);
    expect(page.text).toContain(`value="${merchant.username}"`);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 403]);
    expect(store.requests).toEqual([]);
  });

  it('renders nothing by what the address says', async () => {
    const consumerKey = await announced();
    const { visitor, page, fields } = await opened(identityQuery(consumerKey, callback));
    const options = {
      'settings[view options][outputFunctionName]': 'x;throw new Error(1);s',
      'settings[view options][client]': 'true',
      'settings[view options][escapeFunction]': '1;throw new Error(2)',
      settings: '[object Object]',
      cache: 'false',
      delimiter: '?',
      filename: '/etc/passwd',
      _locals: 'x',
      username: 'planted',
      news: 'planted',
    };

    const altered = await visitor.get(
      `/login?popup=${fields['popup']!}&${new URLSearchParams(options).toString()}`,
    );
    const failure = await visitor.get('/login');
    const alteredFailure = await visitor.get(`/login?${new URLSearchParams(options).toString()}`);

    expect([altered.status, altered.text]).toEqual([200, page.text]);
    expect([alteredFailure.status, alteredFailure.text]).toEqual([400, failure.text]);
  });

  it('helps whoever opens it without parameters, and names Magento 2.0', async () => {
    const bare = await app.visitor().get('/login');
    const old = await app.visitor().get('/login?consumer_id=7&success_call_back=x');

    expect(bare.status).toBe(400);
    expect(readable(bare.text)).toContain('without ? or #. Then click Save and Activate.');
    expect(bare.text).toContain(`${app.url}/endpoint</code>`);
    expect(bare.text).toContain(`${app.url}/login</code>`);
    expect(old.status).toBe(400);
    expect(old.text).toContain('Update Magento');
  });

  const strangeCallbacks = [
    'https://evil.example/',
    '//shop.example/admin/integration/loginSuccessCallback',
    'javascript:alert(1)//admin/integration/loginSuccessCallback',
    'https://user@shop.example/admin/admin/integration/loginSuccessCallback/',
    'https://shop.example\\@evil.example/admin/integration/loginSuccessCallback/',
    'https://evil.example;script-src/admin/admin/integration/loginSuccessCallback/',
    'https://*.evil.example/admin/admin/integration/loginSuccessCallback/',
    'https://shop.example/admin/integration/loginSuccessCallback/?next=x',
    'https://shop.example/admin/integration/loginSuccessCallback/#x',
    'https://shop.example/admin/integration/loginSuccessCallback/key/abc/',
    'https://shop.example/a/../admin/integration/loginSuccessCallback/',
    'https://shop.example/admin/integration/loginSuccessCallback/\r\nSet-Cookie: a=b',
    `https://shop.example/${'a'.repeat(2048)}/admin/integration/loginSuccessCallback/`,
  ];
  for (const strange of strangeCallbacks) {
    it(`refuses to return to ${JSON.stringify(strange.slice(0, 80))}`, async () => {
      const consumerKey = await announced();

      const { page } = await opened(identityQuery(consumerKey, strange));

      expect(page.status).toBe(400);
      expect(page.headers).not.toHaveProperty('location');
      expect(page.text).not.toContain('evil.example');
    });
  }

  it('sends headers that leave the opener alone and let the form lead back', async () => {
    const consumerKey = await announced();

    const { page } = await opened(identityQuery(consumerKey, callback));

    expect(page.headers).not.toHaveProperty('cross-origin-opener-policy');
    expect(page.headers['content-security-policy']).toContain(
      "form-action 'self' https://shop.example",
    );
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['referrer-policy']).toBe('same-origin');
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('shows a popup only to the browser it was opened in', async () => {
    const consumerKey = await announced();
    const visitor = app.visitor();
    const first = await visitor.get(`/login?${identityQuery(consumerKey, callback)}`);

    const stranger = await app.visitor().get(String(first.headers['location']));

    expect(stranger.status).toBe(403);
    expect(stranger.text).toContain('no longer valid');
  });

  it('forgets a popup 15 minutes after it was opened, though its activation came anew', async () => {
    const form = activationForm();
    await app.visitor().post('/endpoint').type('form').send(form);
    const { visitor, fields } = await opened(identityQuery(form['oauth_consumer_key']!, callback));
    clock.advance(899);
    await app.visitor().post('/endpoint').type('form').send(form);

    const before = await visitor.get(`/login?popup=${fields['popup']!}`);
    clock.advance(1);
    const after = await visitor.get(`/login?popup=${fields['popup']!}`);

    expect([before.status, after.status]).toEqual([200, 403]);
  });

  it('does not choose between two stores that announced one key', async () => {
    const consumerKey = await announced();
    await announced({ oauth_consumer_key: consumerKey, store_base_url: 'https://b.example/' });

    const fromShop = await opened(identityQuery(consumerKey, callback));
    const fromElsewhere = await opened(
      identityQuery(consumerKey, callback.replace('shop.example', 'c.example')),
    );

    expect(fromShop.page.text).toContain('<span class="host">shop.example</span>');
    expect(fromElsewhere.page.text).toContain('Several stores announced themselves');
    expect(fromElsewhere.page.text).not.toContain('b.example');
  });
});
