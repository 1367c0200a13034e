import { describe, expect, it } from '@jest/globals';
import { most } from '../../src/joining/registration-limit.js';
import { letsIn, send, type Browser } from '../console/operators.js';
import { activationForm, hiddenFields } from '../support/activation.js';
import { openPopup, sendForm } from '../support/popup.js';
import { popupUrlFrom, post } from '../support/posts.js';
import { merchant, startApp, type AppOptions, type TestApp } from '../support/start-app.js';

const typed = { username: 'Ada@Shop.example', password: 'a long password' };
const name = 'ada@shop.example';

async function open(options: AppOptions = {}) {
  const app = await startApp({ isRegistrationOpen: true, ...options });
  return { app, browser: app.visitor() };
}

/** Loads the form and sends it. */
async function register(browser: Browser, fields: Record<string, string> = typed, query = '') {
  const { text } = await browser.get(`/register${query}`);
  return send(browser, `/register${query}`, text, fields);
}

/** A popup of a store that nobody has connected. */
async function popupIn(app: TestApp, browser: Browser) {
  const form = activationForm();
  await post(app, form);
  const integration = { consumerKey: form['oauth_consumer_key']! };
  const opened = await openPopup(browser, popupUrlFrom(app, integration, 'https://shop.example'));
  return { ...opened, id: opened.fields['popup']! };
}

describe('/register, unless REGISTRATION is open', () => {
  it('is no page, and nothing leads to it', async () => {
    const app = await startApp();
    const browser = app.visitor();

    const [page, form] = [await browser.get('/register'), await register(browser)];
    const { page: popup, id } = await popupIn(app, browser);
    const inPopup = await browser.get(`/register?popup=${id}`);

    expect([page.status, form.status, inPopup.status]).toEqual([404, 404, 404]);
    expect(popup.text).not.toContain('register');
    expect(await app.deps.accounts.find(name)).toBeUndefined();
  });
});

describe('/register', () => {
  it("makes a merchant's account and leads to the sign-in", async () => {
    const { app, browser } = await open();

    const { status, headers } = await register(browser);

    expect([status, headers['location']]).toEqual([303, '/account/sign-in']);
    expect(await letsIn(app, name, typed.password)).toMatchObject({ name, role: 'merchant' });
    expect(app.logged()).toMatch(
      /"event":"account_registered","account":"ada@shop.example","network":"[^"]+"/,
    );
    expect(app.logged()).not.toContain(typed.password);
  });

  it('keeps the headers of other pages, and of the popup in the popup', async () => {
    const { app, browser } = await open();
    const { id } = await popupIn(app, browser);

    const outside = await browser.get('/register');
    const inside = await browser.get(`/register?popup=${id}`);

    expect(outside.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(outside.text).not.toContain('<script');
    expect(inside.headers).not.toHaveProperty('cross-origin-opener-policy');
    expect(inside.text).toContain('<script src="/assets/popup.js"></script>');
    for (const { headers } of [outside, inside]) {
      expect(headers['content-security-policy']).toContain("form-action 'self'");
    }
  });

  it('is reached from the popup and leads back to its form, with the name filled in', async () => {
    const { app, browser } = await open();
    const { page, id } = await popupIn(app, browser);

    const answer = await register(browser, typed, `?popup=${id}`);
    const back = await browser.get(String(answer.headers['location']));

    expect(page.text).toContain(`<a href="/register?popup=${id}">Make an account</a>`);
    expect([answer.status, answer.headers['location']]).toEqual([303, `/login?popup=${id}`]);
    expect(answer.headers).not.toHaveProperty('cross-origin-opener-policy');
    expect(back.text).toContain('<div class="banner good"');
    expect(back.text).toContain('Your account is made.');
    expect(back.text).toContain(`value="${name}"`);

    const wrong = await sendForm(browser, hiddenFields(back.text), {
      username: name,
      password: 'x',
    });
    expect(wrong.status).toBe(401);
    expect(wrong.text).not.toContain('Your account is made.');
  });

  it('says it no longer once somebody has signed in', async () => {
    const { app, browser } = await open();
    const { id } = await popupIn(app, browser);
    await register(browser, typed, `?popup=${id}`);
    const { text } = await browser.get(`/login?popup=${id}`);

    await sendForm(browser, hiddenFields(text), { username: name, password: typed.password });
    const after = await browser.get(`/login?popup=${id}`);

    expect(after.text).not.toContain('Your account is made.');
  });

  it('is not for a popup that is none of this browser, nor offered where one account is invited', async () => {
    const { app, browser } = await open();
    const { id } = await popupIn(app, browser);
    const stranger = app.visitor();
    const { invitation } = await app.deps.invitations.create({ account: name, createdBy: 'olga' });
    const form = activationForm();
    await app.visitor().post(`/endpoint/${invitation.token}`).type('form').send(form);
    const key = { consumerKey: form['oauth_consumer_key']! };
    const url = popupUrlFrom(app, key, 'https://shop.example').replace(
      '/login?',
      `/login/${invitation.token}?`,
    );

    const answers = [
      await stranger.get(`/register?popup=${id}`),
      await stranger.get('/register?popup=a&popup=b'),
      await register(stranger, typed, `?popup=${id}`),
    ];
    const invited = await openPopup(browser, url);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    for (const { headers } of answers) {
      expect(headers).not.toHaveProperty('cross-origin-opener-policy');
    }
    expect(invited.page.status).toBe(200);
    expect(invited.page.text).not.toContain('/register');
    expect(await app.deps.accounts.find(name)).toBeUndefined();
  });

  const refused: readonly (readonly [Record<string, string>, number, string])[] = [
    [{ username: 'a b' }, 400, 'This cannot be a username.'],
    [{ username: '' }, 400, 'This cannot be a username.'],
    [{ password: 'seven 7' }, 400, 'The password is too short.'],
    [{ password: 'é'.repeat(600) }, 400, 'The password is too long.'],
    [{ username: merchant.username }, 409, 'There is an account with this username already.'],
  ];
  for (const [changes, status, text] of refused) {
    it(`refuses ${JSON.stringify(changes).slice(0, 40)} in plain words`, async () => {
      const { app, browser } = await open();
      const fields = { ...typed, ...changes };

      const answer = await register(browser, fields);

      expect(answer.status).toBe(status);
      expect(answer.text).toContain(text);
      expect(answer.text).toContain(`value="${fields.username}"`);
      const [, next] = /id="(\w+)"[^>]* autofocus/.exec(answer.text) ?? [];
      expect(next).toBe('username' in changes ? 'username' : 'password');
      expect(answer.text).not.toContain(fields.password);
      expect(await app.deps.accounts.names()).toHaveLength(3);
      expect(await letsIn(app, merchant.username, merchant.password)).toBeDefined();
    });
  }

  it('takes no name by which somebody is invited', async () => {
    const { app, browser } = await open();
    await app.deps.invitations.create({ account: name, createdBy: 'olga' });

    const { status } = await register(browser);

    expect(status).toBe(409);
    expect(await app.deps.accounts.find(name)).toBeUndefined();
  });

  it('makes one account of two who want one name at once', async () => {
    const { app, browser } = await open();
    const other = app.visitor();
    const pages = [await browser.get('/register'), await other.get('/register')];

    const answers = await Promise.all([
      send(browser, '/register', pages[0]!.text, typed),
      send(other, '/register', pages[1]!.text, { ...typed, password: 'another password' }),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  });

  it('makes nothing without the token of the form, or from another page', async () => {
    const { app, browser } = await open();
    const { text } = await browser.get('/register');

    const without = await browser.post('/register').type('form').send(typed);
    const foreign = await browser
      .post('/register')
      .set('Sec-Fetch-Site', 'cross-site')
      .type('form')
      .send({ ...hiddenFields(text), ...typed });

    expect([without.status, foreign.status]).toEqual([403, 403]);
    expect(await app.deps.accounts.find(name)).toBeUndefined();
  });
});

describe('the limits of registration', () => {
  it('let one network make so many accounts in an hour, and say when to come again', async () => {
    const { app, browser } = await open();
    const { text } = await browser.get('/register');
    const all = Array.from({ length: most.made + 3 }, (_, n) =>
      send(browser, '/register', text, { ...typed, username: `shop-${n}` }),
    );

    const answers = await Promise.all(all);

    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(await app.deps.accounts.names()).toHaveLength(3 + most.made);
    expect(refused[0]?.text).toContain('Too many accounts were made in the last hour.');
    expect(refused[0]?.text).toContain('too_many_accounts');
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(3_500);
    expect(Number(refused[0]?.headers['retry-after'])).toBeLessThanOrEqual(3_600);
  });

  it('do not count what was not made', async () => {
    const { app, browser } = await open();
    await app.deps.registrations.made.add('127.0.0.1', most.made - 1);
    for (let n = 0; n < 5; n += 1) {
      await register(browser, { ...typed, username: merchant.username });
      await register(browser, { ...typed, password: 'short' });
    }

    expect((await register(browser)).status).toBe(303);
  });

  it('bound what all networks make together, which Redis has to keep', async () => {
    const { app, browser } = await open();
    await app.deps.registrations.made.add('all', most.madeInAll - 1);

    const last = await register(browser);
    const beyond = await register(browser, { ...typed, username: 'bea' });

    expect([last.status, beyond.status]).toEqual([303, 429]);
    expect(await app.deps.accounts.find('bea')).toBeUndefined();
  });

  it('bound how many names one network may ask for', async () => {
    const { app, browser } = await open();
    await app.deps.registrations.asked.add('127.0.0.1', most.asked - 1);

    const last = await register(browser, { ...typed, username: merchant.username });
    const beyond = await register(browser, { ...typed, username: merchant.username });

    expect([last.status, beyond.status]).toEqual([409, 429]);
  });
});
