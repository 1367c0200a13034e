import { describe, expect, it } from '@jest/globals';
import { merchant, operator, startApp } from '../support/start-app.js';
import { operatorsBrowser, send, signIn } from '../console/operators.js';

describe('GET /console/sign-in', () => {
  it('shows a form with the two fields, a token and one button', async () => {
    const app = await startApp();

    const { status, text, headers } = await app.visitor().get('/console/sign-in');

    expect(status).toBe(200);
    expect(text).toMatch(/name="username"/);
    expect(text).toMatch(/name="password" type="password"/);
    expect(text).toMatch(/name="_csrf" value="[\w-]{43}"/);
    expect(text.match(/type="submit"/g)).toHaveLength(1);
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('POST /console/sign-in', () => {
  it('lets an operator in and leads to the list', async () => {
    const app = await startApp();
    const browser = app.visitor();

    const response = await signIn(browser, operator);

    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe('/console');
    expect((await browser.get('/console')).status).toBe(200);
    expect(app.logged()).toContain('"event":"operator_signed_in","account":"olga"');
  });

  it('leads to the page that was asked for first', async () => {
    const app = await startApp();
    const browser = app.visitor();
    await browser.get('/console?q=shop');

    const response = await signIn(browser, operator);

    expect(response.headers['location']).toBe('/console?q=shop');
  });

  it('takes no address from the query to lead to', async () => {
    const app = await startApp();
    const browser = app.visitor();
    const form = await browser.get('/console/sign-in?returnTo=https://evil.example/');

    const response = await send(
      browser,
      '/console/sign-in?returnTo=https://evil.example/',
      form.text,
      operator,
    );

    expect(response.headers['location']).toBe('/console');
  });

  it('moves to another session, and to another form token', async () => {
    const app = await startApp();
    const planted = app.visitor();
    const before = await planted.get('/console/sign-in');
    const cookieBefore = String(before.headers['set-cookie']);

    const response = await send(planted, '/console/sign-in', before.text, operator);
    const list = await planted.get('/console');

    const stale = await app.visitor().get('/console').set('Cookie', cookieBefore);
    expect(String(response.headers['set-cookie'])).not.toBe(cookieBefore);
    expect(stale.status).toBe(303);
    expect(tokenOn(list.text)).not.toBe(tokenOn(before.text));
  });

  const wrong = {
    'a wrong password': { ...operator, password: 'not this one' },
    'an unknown name': { username: 'nobody', password: operator.password },
    'an empty form': { username: '', password: '' },
  };
  for (const [name, typed] of Object.entries(wrong)) {
    it(`refuses ${name} with 401 and the form again`, async () => {
      const app = await startApp();
      const browser = app.visitor();

      const response = await signIn(browser, typed);

      expect(response.status).toBe(401);
      expect(response.text).toContain('The username or the password is not right.');
      expect(response.text).toContain(`value="${typed.username}"`);
      expect(response.text).toMatch(/name="_csrf"/);
      expect((await browser.get('/console')).status).toBe(303);
    });
  }

  it('lets the next attempt with the same page succeed', async () => {
    const app = await startApp();
    const browser = app.visitor();
    const refused = await signIn(browser, { ...operator, password: 'not this one' });

    const response = await send(browser, '/console/sign-in', refused.text, operator);

    expect(response.status).toBe(303);
  });

  it('tells a merchant that the console is not theirs, and signs nobody in', async () => {
    const app = await startApp();
    const browser = app.visitor();

    const response = await signIn(browser, merchant);

    expect(response.status).toBe(403);
    expect(response.text).toContain('Your account may not use the console.');
    expect((await browser.get('/console')).status).toBe(303);
  });

  it('tells a merchant with a wrong password no more than anybody', async () => {
    const app = await startApp();

    const response = await signIn(app.visitor(), { ...merchant, password: 'not this one' });

    expect(response.status).toBe(401);
  });

  it('refuses a disabled operator', async () => {
    const app = await startApp();
    await app.deps.accounts.disable(operator.username);

    const response = await signIn(app.visitor(), operator);

    expect(response.status).toBe(401);
  });

  it('refuses a form without its token, and shows one that works', async () => {
    const app = await startApp();
    const browser = app.visitor();

    const refused = await browser.post('/console/sign-in').type('form').send(operator);
    const response = await send(browser, '/console/sign-in', refused.text, operator);

    expect(refused.status).toBe(403);
    expect(refused.text).toContain('This page was open for too long');
    expect(response.status).toBe(303);
  });

  it('logs no password and no name that was typed in vain', async () => {
    const app = await startApp();

    await signIn(app.visitor(), { username: 'typed-by-mistake', password: 'hunter2hunter2' });

    expect(app.logged()).toContain('operator_sign_in_refused');
    expect(app.logged()).not.toMatch(/hunter2|typed-by-mistake/);
  });

  it('escapes the name that was typed', async () => {
    const app = await startApp();

    const response = await signIn(app.visitor(), { username: '"><script>', password: 'x' });

    expect(response.text).toContain('value="&#34;&gt;&lt;script&gt;"');
    expect(response.text).not.toContain('<script');
  });
});

describe('POST /console/sign-out', () => {
  it('ends the session, here and in Redis', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const list = await browser.get('/console');
    const cookie = String(list.headers['set-cookie']);

    const response = await send(browser, '/console/sign-out', list.text);

    const later = await app.visitor().get('/console').set('Cookie', cookie);
    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe('/console/sign-in');
    expect(response.headers['clear-site-data']).toBe('"cache"');
    expect(later.status).toBe(303);
  });

  it('refuses a form without its token', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    await browser.get('/console');

    const response = await browser.post('/console/sign-out').type('form').send({});

    expect(response.status).toBe(403);
    expect((await browser.get('/console')).status).toBe(200);
  });
});

function tokenOn(page: string): string | undefined {
  return /name="_csrf" value="([^"]+)"/.exec(page)?.[1];
}
