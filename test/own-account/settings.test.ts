import { describe, expect, it } from '@jest/globals';
import { send, type Browser } from '../console/operators.js';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, operator, startApp } from '../support/start-app.js';
import { merchantsBrowser, signInToAccount } from './merchants.js';

const page = '/account/settings';
const another = 'another password of mine';

const typed = {
  password: merchant.password,
  new_password: another,
  new_password_again: another,
};

/** A merchant signed in in two browsers, with the settings open in the first. */
async function signedIn() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const browser = await merchantsBrowser(app);
  const other = await merchantsBrowser(app);
  const { text } = await browser.get(page);
  const change = (changes: Record<string, string> = {}) =>
    send(browser, `${page}/password`, text, { ...typed, ...changes });
  return { clock, app, browser, other, text, change };
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.get('/account')).status === 200;
}

describe('POST /account/settings/password', () => {
  it('changes the password, keeps this browser signed in and no other', async () => {
    const { app, browser, other, change } = await signedIn();

    const response = await change();
    const { text } = await browser.get(page);

    expect([response.status, response.headers['location']]).toEqual([303, page]);
    expect(text).toContain('Your password is changed.');
    expect(await isSignedIn(other)).toBe(false);
    expect((await signInToAccount(app.visitor(), merchant)).status).toBe(401);
    const anew = { ...merchant, password: another };
    expect((await signInToAccount(app.visitor(), anew)).status).toBe(303);
    expect(app.logged()).toContain('"event":"password_changed","account":"mia@merchant.example"');
    expect(app.logged()).not.toContain(another);
  });

  it('ends links that set another password, and no address of theirs', async () => {
    const { app, change } = await signedIn();
    const { invitations } = app.deps;
    const said = { account: merchant.username, createdBy: 'olga' };
    const [one, other] = [await invitations.create(said), await invitations.create(said)];
    await invitations.accept(one.secret);
    const renewed = await invitations.renewLink(one.invitation.token);

    await change({ password: 'wrong' });
    const before = await invitations.findByLink(other.secret);
    await change();

    expect(before).toBeDefined();
    expect(await invitations.findByLink(other.secret)).toBeUndefined();
    expect(await invitations.findByLink(renewed?.secret ?? '')).toBeUndefined();
    expect(await invitations.ofAccount(merchant.username)).toHaveLength(2);
  });

  it('moves to another session and another form token, and the old cookie signs nobody in', async () => {
    const { app, browser, text, change } = await signedIn();
    const before = String((await browser.get(page)).headers['set-cookie']).split(';')[0]!;

    const response = await change();

    expect(String(response.headers['set-cookie'])).not.toContain(before);
    expect((await app.visitor().get('/account').set('Cookie', before)).status).toBe(303);
    expect((await send(browser, '/account/sign-out', text)).status).toBe(403);
  });

  const wrong: Record<string, [changes: Record<string, string>, status: number, says: RegExp]> = {
    'a wrong password': [{ password: 'not this one' }, 401, /That is not your password/],
    'no password': [{ password: '' }, 401, /That is not your password/],
    'a new one of 7 characters': [
      { new_password: '1234567', new_password_again: '1234567' },
      400,
      /too short.*8 characters/,
    ],
    'a new one of 1,025 bytes': [
      { new_password: 'x'.repeat(1025), new_password_again: 'x'.repeat(1025) },
      400,
      /too long/,
    ],
    'two new ones that differ': [{ new_password_again: `${another}!` }, 400, /not the same/],
  };
  for (const [what, [changes, status, says]] of Object.entries(wrong)) {
    it(`refuses ${what}, says so, and changes nothing`, async () => {
      const { app, other, change } = await signedIn();

      const response = await change(changes);

      expect(response.status).toBe(status);
      expect(response.text).toMatch(says);
      for (const value of Object.values({ ...typed, ...changes }).filter((text) => text !== '')) {
        expect(response.text).not.toContain(value);
      }
      expect(await isSignedIn(other)).toBe(true);
      expect((await signInToAccount(app.visitor(), merchant)).status).toBe(303);
    });
  }

  it('asks for a code where a second factor is on, and spends none on a form that is wrong', async () => {
    const { clock, app, browser, change } = await signedIn();
    const phone = await turnOn(app.deps, merchant.username);
    const code = phone.codeAt(clock.now());

    const shown = await browser.get(page);
    const without = await change();
    const short = await change({ new_password: 'short', new_password_again: 'short', code });
    const right = await change({ code });

    expect(shown.text).toContain('name="code"');
    expect([without.status, short.status, right.status]).toEqual([401, 400, 303]);
  });

  it('refuses a form without the token of the session', async () => {
    const { app, browser } = await signedIn();

    const response = await browser.post(`${page}/password`).type('form').send(typed);

    expect(response.status).toBe(403);
    expect((await signInToAccount(app.visitor(), merchant)).status).toBe(303);
  });

  it('is refused once the sign-ins of the account were ended', async () => {
    const { app, change } = await signedIn();
    await app.deps.accounts.endSignIns(merchant.username);

    expect((await change()).status).toBe(401);
    expect((await signInToAccount(app.visitor(), merchant)).status).toBe(303);
  });
});

describe('POST /account/settings/sign-out-everywhere', () => {
  it('ends every sign-in of the account and nobody else, and says so', async () => {
    const { app, browser, other, text } = await signedIn();
    const operators = await merchantsBrowser(app, operator);

    const response = await send(browser, `${page}/sign-out-everywhere`, text);

    expect(response.status).toBe(200);
    expect(response.text).toContain('You are signed out everywhere');
    expect(response.headers['clear-site-data']).toBe('"cache"');
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([false, false]);
    expect(await isSignedIn(operators)).toBe(true);
    expect(app.logged()).toContain(
      '"event":"signed_out_everywhere","account":"mia@merchant.example"',
    );
  });

  it('refuses a form without the token of the session', async () => {
    const { browser, other } = await signedIn();

    const response = await browser.post(`${page}/sign-out-everywhere`).type('form').send({});

    expect(response.status).toBe(403);
    expect(await isSignedIn(other)).toBe(true);
  });
});

describe('the language of an account', () => {
  const german = 'de-AT,de;q=0.9';

  it('is what the browser asks for until one is chosen, and again after', async () => {
    const { app, browser, text } = await signedIn();
    const choose = (language: string) => send(browser, `${page}/language`, text, { language });
    const spoken = async () => {
      const answer = await browser.get(page).set('Accept-Language', german);
      return /<html lang="([^"]+)">/.exec(answer.text)?.[1];
    };

    const before = await spoken();
    const response = await choose('fr');
    const chosen = await spoken();
    await choose('');

    expect([response.status, response.headers['location']]).toEqual([303, page]);
    expect([before, chosen, await spoken()]).toEqual(['de', 'fr', 'de']);
    expect(await app.deps.accounts.find(merchant.username)).not.toHaveProperty('language');
  });

  it('is remembered for all browsers of the account, refusals and missing pages included', async () => {
    const { browser, other, text } = await signedIn();
    await send(browser, `${page}/language`, text, { language: 'ja' });

    const pages = [
      await other.get('/account'),
      await other.get('/account/second-factor'),
      await other.get('/account/none'),
      await other.post(`${page}/password`).type('form').send({}),
    ];

    for (const { text: html } of pages) expect(html).toContain('<html lang="ja">');
  });

  it('offers each language by its own name, the chosen one selected', async () => {
    const { browser, text } = await signedIn();
    await send(browser, `${page}/language`, text, { language: 'pt-BR' });

    const { text: after } = await browser.get(page);

    expect(after.match(/<option /g)).toHaveLength(11);
    expect(after).toContain('<option value="ja" lang="ja">日本語</option>');
    expect(after).toContain(
      '<option value="pt-BR" lang="pt-BR" selected>Português (Brasil)</option>',
    );
    expect(after.match(/ selected/g)).toHaveLength(1);
  });

  for (const language of ['xx', 'EN', '../en', '__proto__']) {
    it(`refuses ${language}`, async () => {
      const { app, browser, text } = await signedIn();

      const response = await send(browser, `${page}/language`, text, { language });

      expect(response.status).toBe(400);
      expect(await app.deps.accounts.find(merchant.username)).not.toHaveProperty('language');
    });
  }

  it('refuses a form without the token of the session', async () => {
    const { app, browser } = await signedIn();

    const response = await browser.post(`${page}/language`).type('form').send({ language: 'de' });

    expect(response.status).toBe(403);
    expect(await app.deps.accounts.find(merchant.username)).not.toHaveProperty('language');
  });
});

describe('the address of a form in the settings', () => {
  for (const action of ['password', 'language', 'sign-out-everywhere']) {
    it(`${action} leads back`, async () => {
      const { browser } = await signedIn();

      const response = await browser.get(`${page}/${action}`);

      expect([response.status, response.headers['location']]).toEqual([303, page]);
    });
  }
});
