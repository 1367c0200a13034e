import { describe, expect, it } from '@jest/globals';
import { type Reply, send } from '../third-party.js';
import { admin, cookieIn, customer, refused, visitor } from './people.js';

const me = '/rest/V1/customers/me';
const xhr = { 'X-Requested-With': 'XMLHttpRequest' };
const customerPages = {
  form: '/customer/account/login/',
  post: '/customer/account/loginPost/',
  logout: '/customer/account/logout/',
};
const adminPages = {
  form: '/admin/admin/auth/login/',
  post: '/admin/admin/auth/login/',
  logout: '/admin/admin/auth/logout/',
};

/** A browser that has opened the form of a sign-in page. */
async function formOf(pages: typeof customerPages) {
  const visited = await visitor();
  const { store } = visited;
  const get = (target: string, headers: Record<string, string> = {}): Promise<Reply> =>
    send({ storeUrl: store.url, target, method: 'GET', headers });
  const form = await get(pages.form);
  const formKey = /name="form_key" value="(\w+)"/.exec(form.body)?.[1] ?? '';
  const submit = (fields: Record<string, string>, cookie = cookieIn(form)): Promise<Reply> =>
    send({
      storeUrl: store.url,
      target: pages.post,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: cookie },
      body: new URLSearchParams(fields).toString(),
    });
  const fieldsOf = ({ username, password }: { username: string; password: string }) => ({
    form_key: formKey,
    'login[username]': username,
    'login[password]': password,
  });
  return { ...visited, get, form, submit, fieldsOf };
}

/** A browser in which somebody is signed in. */
async function signedIn(pages: typeof customerPages, who: typeof customer) {
  const { form, submit, fieldsOf, ...browser } = await formOf(pages);
  const reply = await submit(fieldsOf(who));
  return { ...browser, before: cookieIn(form), reply, cookie: cookieIn(reply) };
}

describe.each([
  ['customer', customerPages, customer, /^PHPSESSID=\w{32}; Path=\/; HttpOnly; SameSite=Lax$/],
  ['admin', adminPages, admin, /^admin=\w{32}; Path=\/admin; HttpOnly; SameSite=Lax$/],
] as const)("the %s's sign-in", (_, pages, who, cookie) => {
  it('gives a cookie that scripts and other sites’ forms cannot use', async () => {
    const { reply } = await signedIn(pages, who);

    expect(reply.status).toBe(302);
    expect(reply.headers['set-cookie']).toEqual([expect.stringMatching(cookie)]);
  });

  it('begins a new session, and ends the one before', async () => {
    const { before, cookie: after, get } = await signedIn(pages, who);

    const old = await get(pages.form, { Cookie: before });

    expect(after).not.toBe(before);
    expect(cookieIn(old)).not.toBe('');
    expect(old.body).toContain('name="form_key"');
  });

  it('refuses a wrong password, an unknown name', async () => {
    const { submit, fieldsOf } = await formOf(pages);

    for (const wrong of [
      { ...who, password: 'wrong' },
      { ...who, username: '<nobody>' },
    ]) {
      const reply = await submit(fieldsOf(wrong));

      expect(reply.status).toBe(200);
      expect(reply.headers).not.toHaveProperty('set-cookie');
      expect(reply.body).toContain('The account sign-in was incorrect');
      expect(reply.body).not.toContain('<nobody>');
    }
  });

  it('refuses a form that is not of this session', async () => {
    const { submit, fieldsOf, ...browser } = await formOf(pages);
    const other = cookieIn(await browser.get(pages.form));
    const { form_key: _key, ...keyless } = fieldsOf(who);

    for (const reply of [
      await submit(keyless),
      await submit({ ...keyless, form_key: '' }, ''),
      await submit(fieldsOf(who), other),
      await submit(fieldsOf(who), ''),
    ]) {
      expect(reply.status).toBe(200);
      expect(reply.body).toContain('Invalid Form Key. Please refresh the page.');
    }
  });

  it('ends with a sign-out, in the browser and at the store', async () => {
    const { get, cookie: session } = await signedIn(pages, who);
    const signedInPage = await get(pages.form, { Cookie: session });

    const reply = await get(pages.logout, { Cookie: session });

    expect(reply.headers['set-cookie']?.[0]).toMatch(/^\w+=; .*Expires=Thu, 01 Jan 1970/);
    expect(signedInPage.body).not.toContain('name="form_key"');
    expect((await get(pages.form, { Cookie: session })).body).toContain('name="form_key"');
  });
});

describe("a customer's session", () => {
  it('is answered when a script asks', async () => {
    const { ask, cookie } = await signedIn(customerPages, customer);

    expect(await ask(me, { Cookie: cookie, ...xhr })).toMatchObject({
      status: 200,
      body: { id: 1, email: customer.username },
    });
  });

  for (const [what, headers] of [
    ['a navigation', {}],
    ['another value of the header', { 'X-Requested-With': 'xmlhttprequest' }],
    ['a script that sends something else', { 'X-Requested-With': 'fetch' }],
  ] as const) {
    it(`is not answered to ${what}`, async () => {
      const { ask, cookie } = await signedIn(customerPages, customer);

      expect(await ask(me, { Cookie: cookie, ...headers })).toEqual(refused('self'));
    });
  }

  it('opens nothing else of the Web API', async () => {
    const { ask, cookie } = await signedIn(customerPages, customer);

    expect(await ask('/rest/V1/store/storeConfigs', { Cookie: cookie, ...xhr })).toEqual(
      refused('Magento_Backend::store'),
    );
  });

  it('is found among other cookies', async () => {
    const { ask, cookie } = await signedIn(customerPages, customer);

    expect(await ask(me, { Cookie: `a=b; ${cookie};c=d`, ...xhr })).toMatchObject({ status: 200 });
    expect(await ask(me, { Cookie: `X${cookie}`, ...xhr })).toEqual(refused('self'));
  });

  it('is nobody’s before the sign-in', async () => {
    const { ask, form } = await formOf(customerPages);

    expect(await ask(me, { Cookie: cookieIn(form), ...xhr })).toEqual(refused('self'));
  });

  it('ends with the sign-out', async () => {
    const { ask, get, cookie } = await signedIn(customerPages, customer);

    await get(customerPages.logout, { Cookie: cookie });

    expect(await ask(me, { Cookie: cookie, ...xhr })).toEqual(refused('self'));
  });

  it('ends 3600 seconds after its last use', async () => {
    const { clock, ask, cookie } = await signedIn(customerPages, customer);
    const status = async () => (await ask(me, { Cookie: cookie, ...xhr })).status;

    clock.forward(3599);
    expect(await status()).toBe(200);
    clock.forward(3599);
    expect(await status()).toBe(200);
    clock.forward(3600);
    expect(await status()).toBe(401);
  });
});

describe("an admin's session", () => {
  for (const [what, named] of [
    ['as it is', (cookie: string) => cookie],
    ['under the name of a customer’s', (cookie: string) => cookie.replace('admin=', 'PHPSESSID=')],
  ] as const) {
    it(`opens nothing of the Web API ${what}`, async () => {
      const { ask, cookie } = await signedIn(adminPages, admin);
      const headers = { Cookie: named(cookie), ...xhr };

      expect(await ask('/rest/V1/store/storeConfigs', headers)).toEqual(
        refused('Magento_Backend::store'),
      );
      expect(await ask(me, headers)).toEqual(refused('self'));
    });
  }

  it('is not needed for the admin pages', async () => {
    const { get } = await formOf(adminPages);

    expect((await get('/admin/')).headers.location).toMatch(/\/integration\/index\/key\//);
  });
});

describe('where several ways say who calls', () => {
  it('a Bearer token comes before a session', async () => {
    const { ask, tokenOf, askAs, cookie } = await signedIn(customerPages, customer);
    const second = await askAs(await tokenOf('admin', admin), '/rest/V1/customers/2');
    const { email } = second.body as { email: string };
    const token = await tokenOf('customer', { ...customer, username: email });

    const headers = { Authorization: `Bearer ${token}`, Cookie: cookie, ...xhr };

    expect(await ask(me, headers)).toMatchObject({ status: 200, body: { id: 2 } });
  });

  for (const [what, Authorization] of [
    ['a Bearer token that is no good', 'Bearer x'],
    ['a signature, even a wrong one', 'OAuth oauth_nonce="x"'],
  ] as const) {
    it(`a session comes before ${what}`, async () => {
      const { ask, cookie } = await signedIn(customerPages, customer);
      const headers = { Authorization, Cookie: cookie, ...xhr };

      expect(await ask(me, headers)).toMatchObject({ status: 200, body: { id: 1 } });
      expect((await ask(me, { Authorization })).status).not.toBe(200);
    });
  }
});
