import { describe, expect, it } from '@jest/globals';
import { acceptInvitation } from '../../src/joining/accept-invitation.js';
import { letsIn, send, signIn, type Browser } from '../console/operators.js';
import { hiddenFields } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, operator, startApp, type TestApp } from '../support/start-app.js';

const name = 'ada@shop.example';
const password = 'a password of her own';

async function invited(account = name, storeHost?: string) {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const sent = await app.deps.invitations.create({ account, storeHost, createdBy: 'olga' });
  const path = `/invitation/${sent.secret}`;
  return { clock, app, browser: app.visitor(), ...sent, path };
}

/** Loads the page of a link and sends its form. */
async function accept(browser: Browser, path: string, fields = { password }) {
  const { text } = await browser.get(path);
  return send(browser, path, text, fields);
}

/** Whom the session of a browser is signed in as. */
async function signedInAs(app: TestApp): Promise<unknown[]> {
  const keys = await app.redis.keys(`${app.prefix}session:*`);
  const sessions = await Promise.all(keys.map((key) => app.redis.get(key)));
  return sessions.flatMap((text) => {
    const { person } = JSON.parse(text ?? '{}') as { person?: { name: string } };
    return person ? [person.name] : [];
  });
}

describe('GET /invitation/<secret>', () => {
  it('shows for whom, for which store and until when, and the two addresses', async () => {
    const { app, browser, path, invitation } = await invited(name, 'shop.example');

    const { status, text, headers } = await browser.get(path);

    expect(status).toBe(200);
    expect(text).toContain(`<span class="host">${name}</span>`);
    expect(text).toContain('<span class="host">shop.example</span>');
    expect(text).toContain('until November 30, 2026 at 12:00');
    expect(text).toContain('<b>System &gt; Extensions &gt; Integrations</b>');
    expect(text).toContain(`>${app.url}/endpoint/${invitation.token}</code>`);
    expect(text).toContain(`>${app.url}/login/${invitation.token}</code>`);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('strict-origin');
  });

  it('uses nothing up, however often a program looks', async () => {
    const { app, browser, path, secret } = await invited();

    for (let n = 0; n < 5; n += 1) {
      expect((await app.visitor().get(path)).status).toBe(200);
      expect((await app.visitor().head(path)).status).toBe(200);
    }

    expect(await app.deps.invitations.findByLink(secret)).toBeDefined();
    expect(await app.deps.accounts.find(name)).toBeUndefined();
    expect((await accept(browser, path)).status).toBe(303);
  });

  it('says the same whatever is wrong with a link', async () => {
    const { clock, app, browser, path } = await invited();
    const { accounts, invitations } = app.deps;
    const linkTo = async (account: string, seconds?: number) => {
      const { secret } = await invitations.create({ account, createdBy: 'olga' }, seconds);
      return `/invitation/${secret}`;
    };
    await accept(browser, path);
    const expired = await linkTo('bea', 60);
    const toOperator = await linkTo(operator.username);
    const toDisabled = await linkTo(merchant.username);
    await accounts.disable(merchant.username);
    clock.advance(60);
    const wrong = [`/invitation/${'x'.repeat(43)}`, '/invitation/x', `/invitation/__proto__`];

    const answers = await Promise.all(
      [path, expired, toOperator, toDisabled, ...wrong].map((link) => app.visitor().get(link)),
    );

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.text).toContain('This link is not valid, or no longer.');
    expect(answers[0]?.text).toContain('ask whoever sent it for a new one');
    expect(answers[0]?.text).toContain('href="/account/sign-in"');
    for (const { headers } of answers) {
      expect(headers['referrer-policy']).toBe('strict-origin');
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });
});

describe('POST /invitation/<secret>', () => {
  it('makes the account of a merchant, signs them in and leads to /account, once', async () => {
    const { app, browser, path, secret } = await invited();

    const late = app.visitor();
    const { text } = await late.get(path);

    const answer = await accept(browser, path);
    const again = await send(late, path, text, { password: 'another password' });

    expect([answer.status, answer.headers['location']]).toEqual([303, '/account']);
    expect(await letsIn(app, name, password)).toMatchObject({ name, role: 'merchant' });
    expect(await signedInAs(app)).toEqual([name]);
    expect(again.status).toBe(404);
    expect(await app.deps.invitations.findByLink(secret)).toBeUndefined();
    expect(await app.deps.invitations.ofAccount(name)).toHaveLength(1);
    expect(app.logged()).toContain('"event":"invitation_accepted","account":"ada@shop.example"');
  });

  it('sets another password for a merchant who has an account, and ends all sign-ins', async () => {
    const { app, browser, path } = await invited(merchant.username);
    const before = await app.deps.accounts.find(merchant.username);
    const { text } = await browser.get(path);

    const { status } = await send(browser, path, text, { password });

    expect(text).toContain('Set a new password');
    expect(status).toBe(303);
    expect(await letsIn(app, merchant.username, merchant.password)).toBeUndefined();
    expect(await letsIn(app, merchant.username, password)).toBeDefined();
    expect((await app.deps.accounts.find(merchant.username))?.era).not.toBe(before?.era);
    expect(await signedInAs(app)).toEqual([merchant.username]);
  });

  it('signs nobody in past a second factor', async () => {
    const { app, browser, path } = await invited(merchant.username);
    await turnOn(app.deps, merchant.username);

    const { status, headers } = await accept(browser, path);

    expect([status, headers['location']]).toEqual([303, '/account/sign-in']);
    expect(await letsIn(app, merchant.username, password)).toBeDefined();
    expect(await app.deps.secondFactors.isOn(merchant.username)).toBe(true);
    expect(await signedInAs(app)).toEqual([]);
  });

  it('takes the place of whoever is signed in in that browser, in another session', async () => {
    const { app, browser, path } = await invited();
    await signIn(browser, operator);

    const { headers } = await accept(browser, path);

    expect(String(headers['set-cookie'])).toMatch(/^mi=/);
    expect(await signedInAs(app)).toEqual([name]);
    expect((await browser.get('/console')).status).toBe(303);
  });

  it('leaves no token of a form worth anything that was handed out before', async () => {
    const { browser, path } = await invited();
    const before = await browser.get('/account/sign-in');

    await accept(browser, path);
    const { status } = await send(browser, '/account/settings/language', before.text, {
      language: 'de',
    });

    expect(status).toBe(403);
  });

  it('lets one of two at the same time win', async () => {
    const { app, path } = await invited();
    const browsers = [app.visitor(), app.visitor()] as const;
    const pages = await Promise.all(browsers.map((browser) => browser.get(path)));

    const answers = await Promise.all(
      browsers.map((browser, n) =>
        send(browser, path, pages[n]!.text, { password: `password of ${n}` }),
      ),
    );

    const winner = answers.findIndex(({ status }) => status === 303);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404]);
    expect(await letsIn(app, name, `password of ${winner}`)).toBeDefined();
    expect(await letsIn(app, name, `password of ${1 - winner}`)).toBeUndefined();
    expect(await signedInAs(app)).toEqual([name]);
  });

  for (const [what, typed, text] of [
    ['short', 'short', 'The password is too short.'],
    ['long', 'é'.repeat(600), 'The password is too long.'],
  ] as const) {
    it(`refuses a password that is too ${what}, and keeps the link`, async () => {
      const { browser, path } = await invited();

      const answer = await accept(browser, path, { password: typed });

      expect(answer.status).toBe(400);
      expect(answer.text).toContain(text);
      expect((await accept(browser, path)).status).toBe(303);
    });
  }

  it('keeps the link where the form is not of this session, or from another page', async () => {
    const { app, browser, path } = await invited();
    const { text } = await browser.get(path);

    const without = await app.visitor().post(path).type('form').send({ password });
    const foreign = await browser
      .post(path)
      .set('Sec-Fetch-Site', 'cross-site')
      .type('form')
      .send({ ...hiddenFields(text), password });

    expect([without.status, foreign.status]).toEqual([403, 403]);
    expect(await app.deps.accounts.find(name)).toBeUndefined();
    expect((await accept(browser, path)).status).toBe(303);
  });

  it('keeps the link where the password comes twice, or not at all', async () => {
    const { browser, path } = await invited();
    const fields = hiddenFields((await browser.get(path)).text);
    const body = new URLSearchParams(fields).toString();

    for (const rest of [
      '',
      '&password=twice-the-same&password=twice-the-same',
      '&password[]=long',
    ]) {
      expect((await browser.post(path).type('form').send(`${body}${rest}`)).status).toBe(400);
    }

    expect((await accept(browser, path)).status).toBe(303);
  });

  it('keeps the link where too many passwords wait to be hashed', async () => {
    const { app, secret } = await invited();
    const others = Array.from({ length: 51 }, () => app.deps.accounts.hashNew('somebody else'));

    const accepting = acceptInvitation(app.deps, secret, password);

    await expect(accepting).rejects.toMatchObject({ code: 'sign_ins_busy' });
    expect(await app.deps.invitations.findByLink(secret)).toBeDefined();
    await Promise.all(others);
  });
});

describe('a link that was made before the account', () => {
  it('sets no password of an account that was made another way since', async () => {
    const { clock, app, browser, path, secret } = await invited();
    const { text } = await browser.get(path);
    clock.advance(1);
    await app.deps.accounts.add(name, 'merchant', 'the password of the owner');

    const page = await app.visitor().get(path);
    const sent = await send(browser, path, text, { password });
    const raced = acceptInvitation(app.deps, secret, password);

    expect([page.status, sent.status]).toEqual([404, 404]);
    await expect(raced).rejects.toMatchObject({ code: 'invitation_over' });
    expect(await letsIn(app, name, 'the password of the owner')).toBeDefined();
  });

  it('is over once another of them is used; the addresses of both count from then on', async () => {
    const { clock, app, browser, path, invitation } = await invited();
    const other = await app.deps.invitations.create({ account: name, createdBy: 'olga' });
    clock.advance(1);

    await accept(browser, path);
    const late = await app.visitor().get(`/invitation/${other.secret}`);
    clock.advance(30 * 24 * 3600);
    const found = await app.deps.invitations.ofAccount(name);

    expect(late.status).toBe(404);
    expect(new Set(found.map(({ token }) => token))).toEqual(
      new Set([invitation.token, other.invitation.token]),
    );
  });
});

describe('the secret of a link', () => {
  it('stands in no log line and no record, from the first look to the last', async () => {
    const { app, browser, path, secret } = await invited();

    await app.visitor().get(`${path}/more`);
    await accept(browser, path, { password: 'short' });
    await accept(browser, path);
    await accept(browser, path);

    const keys = await app.redis.keys(`${app.prefix}*`);
    const dumps = await Promise.all(keys.map((key) => app.redis.dumpBuffer(key)));
    expect(app.logged()).toContain('"method":"POST","route":"/invitation/:secret","status":303');
    for (const text of [app.logged(), keys.join(), ...dumps.map(String)]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(password);
    }
  });
});
