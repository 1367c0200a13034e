import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../../support/fake-clock.js';
import { turnOn } from '../../support/second-factor.js';
import { merchant, operator, startApp, type TestApp } from '../../support/start-app.js';
import { connect, letsIn, operatorsBrowser, send, signIn, type Browser } from '../operators.js';

const { password } = operator;
const other = { username: 'otto', password: 'another operator' };

async function signedIn() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  await app.deps.accounts.add(other.username, 'operator', other.password);
  const browser = await operatorsBrowser(app);
  return { clock, app, browser };
}

function pathOf(name: string): string {
  return `/console/people/accounts/${encodeURIComponent(name)}`;
}

/** Opens an account's page and sends its form to one of its buttons. */
async function press(browser: Browser, name: string, action: string, typed = { password }) {
  const { text } = await browser.get(pathOf(name));
  return send(browser, `${pathOf(name)}/${action}`, text, typed);
}

function eventsOf(app: TestApp, event: string): unknown[] {
  return app
    .logged()
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`))
    .map((line) => {
      const { account, by } = JSON.parse(line) as Record<string, unknown>;
      return { account, by };
    });
}

describe('an account in the console', () => {
  it('shows its stores, its invitations and what can be done', async () => {
    const { app, browser } = await signedIn();
    await connect(app, { account: merchant.username });
    await app.deps.invitations.create({ account: merchant.username, createdBy: 'olga' });

    const { status, text } = await browser.get(pathOf(merchant.username));

    expect(status).toBe(200);
    expect(text).toMatch(/<a class="host" href="\/console\/stores\/\w+">shop\.example<\/a>/);
    expect(text).toMatch(/href="\/console\/people\/invitations\/[\w-]{22}"/);
    for (const action of ['end-sign-ins', 'link', 'disable']) {
      expect(text).toContain(`action="${pathOf(merchant.username)}/${action}"`);
    }
    for (const action of ['enable', 'second-factor-off']) expect(text).not.toContain(`/${action}"`);
  });

  it('is not there: 404 for page and form', async () => {
    const { app, browser } = await signedIn();
    const { text } = await browser.get('/console/people/new');

    const page = await browser.get(pathOf('nobody'));
    const form = await send(browser, `${pathOf('nobody')}/disable`, text, { password });

    expect([page.status, form.status]).toEqual([404, 404]);
    expect(page.text).toContain('There is no such account');
    expect(await app.deps.accounts.find('nobody')).toBeUndefined();
  });

  it('is disabled and enabled, which ends its sign-ins, and the log says by whom', async () => {
    const { app, browser } = await signedIn();
    const theirs = app.visitor();
    await signIn(theirs, other);

    const disabled = await press(browser, other.username, 'disable');

    expect([disabled.status, disabled.headers['location']]).toEqual([303, pathOf('otto')]);
    expect((await browser.get(pathOf('otto'))).text).toContain('otto is disabled.');
    expect((await theirs.get('/console')).status).toBe(303);
    expect(await letsIn(app, other.username, other.password)).toBeUndefined();

    await press(browser, other.username, 'enable');

    expect(await letsIn(app, other.username, other.password)).toBeDefined();
    const entry = [{ account: 'otto', by: 'olga' }];
    expect(eventsOf(app, 'account_disabled')).toEqual(entry);
    expect(eventsOf(app, 'account_enabled')).toEqual(entry);
  });

  it('cannot be disabled by its own operator, nor be the last one', async () => {
    const { app, browser } = await signedIn();
    const { text } = await browser.get(pathOf(operator.username));

    const own = await press(browser, operator.username, 'disable');

    expect(text).not.toContain('/disable"');
    expect(text).toContain('This is your own account');
    expect(own.status).toBe(409);
    expect(own.text).toContain('You cannot disable your own account.');
    expect(await app.deps.accounts.find(operator.username)).toMatchObject({ disabled: false });
  });

  it('has one operator left of two who disable each other at once', async () => {
    const { app, browser } = await signedIn();
    const theirs = app.visitor();
    await signIn(theirs, other);
    const [mine, others] = await Promise.all([
      browser.get(pathOf(other.username)),
      theirs.get(pathOf(operator.username)),
    ]);

    await Promise.all([
      send(browser, `${pathOf(other.username)}/disable`, mine.text, { password }),
      send(theirs, `${pathOf(operator.username)}/disable`, others.text, {
        password: other.password,
      }),
    ]);

    const left = (await app.deps.accounts.list()).filter(
      ({ role, disabled }) => role === 'operator' && !disabled,
    );
    expect(left).toHaveLength(1);
  });

  it('has its sign-ins ended', async () => {
    const { app, browser } = await signedIn();
    const theirs = app.visitor();
    await signIn(theirs, other);

    const { status } = await press(browser, other.username, 'end-sign-ins');

    expect(status).toBe(303);
    expect((await theirs.get('/console')).status).toBe(303);
    expect(await letsIn(app, other.username, other.password)).toBeDefined();
    expect(eventsOf(app, 'sign_ins_ended')).toEqual([{ account: 'otto', by: 'olga' }]);
  });

  it('has its second factor turned off, which ends its sign-ins', async () => {
    const { app, browser } = await signedIn();
    await turnOn(app.deps, other.username);
    const before = await app.deps.accounts.find(other.username);

    const { status } = await press(browser, other.username, 'second-factor-off');

    expect(status).toBe(303);
    expect(await app.deps.secondFactors.isOn(other.username)).toBe(false);
    expect((await app.deps.accounts.find(other.username))?.era).not.toBe(before?.era);
    expect(eventsOf(app, 'second_factor_disabled')).toEqual([{ account: 'otto', by: 'olga' }]);
  });

  for (const action of ['disable', 'enable', 'end-sign-ins', 'second-factor-off', 'link']) {
    it(`is left as it is without the operator's own password: ${action}`, async () => {
      const { app, browser } = await signedIn();
      await turnOn(app.deps, merchant.username);
      if (action === 'enable') await app.deps.accounts.disable(merchant.username);
      const before = await app.deps.accounts.find(merchant.username);

      const wrong = await press(browser, merchant.username, action, { password: 'wrong' });
      const foreign = await browser
        .post(`${pathOf(merchant.username)}/${action}`)
        .type('form')
        .send({ password });

      expect([wrong.status, foreign.status]).toEqual([401, 403]);
      expect(wrong.text).toContain('That is not your password.');
      expect(await app.deps.accounts.find(merchant.username)).toEqual(before);
      expect(await app.deps.secondFactors.isOn(merchant.username)).toBe(true);
      expect(await app.deps.invitations.list()).toEqual([]);
      expect(eventsOf(app, 'change_refused')).toEqual([{ account: merchant.username, by: 'olga' }]);
    });
  }

  it('gets a link for another password: of its invitation where it has one, else of a new one', async () => {
    const { app, browser } = await signedIn();

    const first = await press(browser, merchant.username, 'link');
    const [invitation] = await app.deps.invitations.list();
    const second = await press(browser, merchant.username, 'link');

    const linkOn = (page: string) => /\/invitation\/([\w-]{43})"/.exec(page)?.[1] ?? '';
    expect(await app.deps.invitations.list()).toHaveLength(1);
    expect(await app.deps.invitations.findByLink(linkOn(first.text))).toBeUndefined();
    expect(await app.deps.invitations.findByLink(linkOn(second.text))).toMatchObject({
      token: invitation?.token,
      account: merchant.username,
    });
  });

  it('gets no link when it is an operator or disabled', async () => {
    const { app, browser } = await signedIn();
    await app.deps.accounts.disable(merchant.username);

    const answers = [
      await press(browser, other.username, 'link'),
      await press(browser, merchant.username, 'link'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    expect(answers[0]?.text).toContain('Invitations are for merchants.');
    expect(answers[1]?.text).toContain('Enable it first');
    expect(await app.deps.invitations.list()).toEqual([]);
  });
});
