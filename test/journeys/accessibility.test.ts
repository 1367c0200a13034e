import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { randomNonce } from '../../src/magento/nonce.js';
import { supportCode } from '../../src/timeline/support-code.js';
import { connect, connectWithLostKey, noteCheck, pageOf } from '../console/operators.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { startBrowser } from '../support/browser.js';
import { fakeClock } from '../support/fake-clock.js';
import { startHeldStore } from '../support/held-store.js';
import { newIntegration } from '../support/popup.js';
import { popupUrlFrom } from '../support/posts.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, operator, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

// Each page is looked at in four ways.
jest.setTimeout(120_000);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    readonly axe: { run(options: object): Promise<AxeResults> };
  }
}

const conformance = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Magento's window, a narrow phone, and Magento's window at 200 %. */
const windows = [
  { width: 680, height: 510 },
  { width: 320, height: 568 },
  { width: 340, height: 255 },
] as const;

/** Where things are does not depend on the colours, which are looked at in the dark once. */
const ways = [
  ...windows.map((size) => ({ colorScheme: 'light', size }) as const),
  { colorScheme: 'dark', size: windows[0] } as const,
];

/** A page in one of the ways it is looked at. */
interface Look {
  /** What axe-core finds against it. */
  readonly violations: readonly string[];
  readonly overflows: boolean;
}

async function lookAt(page: Page): Promise<Record<string, Look>> {
  await page.evaluate(axe);
  const looks: Record<string, Look> = {};
  for (const { colorScheme, size } of ways) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    looks[`${colorScheme} ${size.width} x ${size.height}`] = {
      violations: await violationsOn(page),
      overflows: await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      ),
    };
  }
  return looks;
}

async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(
    (values) =>
      window.axe.run({
        runOnly: { type: 'tag', values },
        // Pages that wait load themselves anew without a script. Nobody has to read or do anything in that time.
        rules: { 'meta-refresh': { enabled: false } },
      }),
    conformance,
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
  );
}

const good: Look = { violations: [], overflows: false };

/** Everything that holds of a page in all of these ways. */
async function expectAccessible(page: Page): Promise<void> {
  const looks = await lookAt(page);

  expect(Object.keys(looks)).toHaveLength(4);
  for (const [way, look] of Object.entries(looks)) expect([way, look]).toEqual([way, good]);
}

/** Whether the main button comes into sight by keyboard alone, in the smallest of the windows. */
async function reachMainByKeyboard(page: Page): Promise<boolean> {
  await page.setViewportSize(windows[2]);
  for (let presses = 0; presses < 8; presses += 1) {
    const isThere = await page.evaluate(async () => {
      // What has the focus is scrolled into sight by the time that it is drawn.
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const active = document.activeElement;
      if (!active?.classList.contains('main')) return false;
      const { top, bottom, left, right } = active.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight + 1 && left >= 0 && right <= innerWidth;
    });
    if (isThere) return true;
    await page.keyboard.press('Tab');
  }
  return false;
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.id);
}

/** A page in a browser of its own, which lets axe-core in. */
async function inBrowser(use: (page: Page, context: BrowserContext) => Promise<void>) {
  const context = await (await startBrowser()).newContext({ bypassCSP: true });
  await use(await context.newPage(), context);
  await context.close();
}

interface PopupOptions {
  readonly from?: string;
  /** The stores that announce themselves with the one key. */
  readonly stores?: readonly string[];
  /** How many seconds the popup is opened after the POST. */
  readonly lateBy?: number;
}

const clock = fakeClock();
const app = await startApp({ now: clock.now, isRegistrationOpen: true });
await turnOn(app.deps, otherMerchant.username);
const impatient = await startApp({ now: clock.now, progressAfterMs: 50 });

const otherOperator = { username: 'otto', password: 'another of the operators' };
await app.deps.accounts.add(otherOperator.username, 'operator', otherOperator.password);
const operatorsPhone = await turnOn(app.deps, otherOperator.username);

/** A popup of an activation that has arrived, opened by an admin at this origin. */
async function openPopup(
  page: Page,
  {
    from = 'https://shop.example',
    stores = ['https://shop.example/'],
    lateBy = 0,
  }: PopupOptions = {},
): Promise<void> {
  const form = activationForm();
  for (const store of stores) {
    await app
      .visitor()
      .post('/endpoint')
      .type('form')
      .send({ ...form, store_base_url: store });
  }
  clock.advance(lateBy);
  const callback = `${from}/admin/admin/integration/loginSuccessCallback/`;
  await page.goto(`${app.url}/login?${identityQuery(form['oauth_consumer_key']!, callback)}`);
}

async function signIn(page: Page, { username, password }: typeof merchant): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Keeps a page that would soon load itself anew. */
async function stay(page: Page): Promise<void> {
  await page.route(page.url(), (route) => route.fulfill({ status: 204 }));
}

interface State {
  readonly open: (page: Page) => Promise<void>;
  /** Where typing goes without a click; nowhere on a page without a field. */
  readonly focus: string;
  readonly alert?: RegExp;
}

const longHost = `${'a-very-long-name-of-a-shop.'.repeat(4)}example`;
const popupStates: Record<string, State> = {
  'the form': { open: (page) => openPopup(page), focus: 'username' },
  'the form for a store with a long name': {
    open: (page) =>
      openPopup(page, { stores: [`https://${longHost}/`], from: `https://${longHost}` }),
    focus: 'username',
  },
  'a wrong password': {
    async open(page) {
      await openPopup(page);
      await signIn(page, { ...merchant, password: 'not the password' });
    },
    focus: 'password',
    alert: /is not right/,
  },
  'the five minutes over': {
    async open(page) {
      await openPopup(page);
      clock.advance(301);
      await page.reload();
    },
    focus: 'username',
    alert: /probably expired/,
  },
  'an activation that has expired': {
    async open(page) {
      await openPopup(page, { lateBy: 901 });
    },
    focus: '',
  },
  'several stores': {
    open: (page) =>
      openPopup(page, {
        from: 'https://admin.example',
        stores: ['https://shop.example/', 'https://other.example/'],
      }),
    focus: 'username',
  },
  'a choice among several stores': {
    async open(page) {
      await popupStates['several stores']!.open(page);
      await signIn(page, merchant);
      await page.getByLabel('Username').waitFor({ state: 'detached' });
    },
    focus: '',
  },
  'the form for a code': {
    async open(page) {
      await openPopup(page);
      await signIn(page, otherMerchant);
      await page.getByLabel('Code from your app').waitFor();
    },
    focus: 'code',
  },
  'a wrong code': {
    async open(page) {
      await popupStates['the form for a code']!.open(page);
      await page.getByLabel('Code from your app').fill('000000');
      await page.getByRole('button').click();
    },
    focus: 'code',
    alert: /./,
  },
  'the question where to return to': {
    async open(page) {
      await openPopup(page, { from: 'https://admin.example' });
      await signIn(page, merchant);
      await page.getByLabel('Username').waitFor({ state: 'detached' });
    },
    focus: '',
  },
  'an exchange that failed': {
    async open(page) {
      await openPopup(page);
      await signIn(page, merchant);
      await page.getByLabel('Username').waitFor({ state: 'detached' });
    },
    focus: '',
  },
  'an exchange that takes long': {
    async open(page) {
      const store = await startHeldStore({ now: clock.now });
      const integration = newIntegration(impatient, store);
      await store.activate(integration.id);
      const held = store.holdReplyTo('oauth/token/access');
      await page.goto(popupUrlFrom(impatient, integration, store.url));
      await signIn(page, merchant);
      await page.getByText('Leave this window open').waitFor();
      await held.given;
      await page.waitForURL('**/login/progress*');
      await stay(page);
    },
    focus: '',
  },
  'the offer of a link to a colleague': {
    async open(page) {
      await openPopup(page);
      await page.getByRole('link', { name: 'Someone else has' }).click();
      await page.getByRole('button', { name: 'Make a link' }).waitFor();
    },
    focus: '',
  },
  'the link to a colleague': {
    async open(page) {
      await popupStates['the offer of a link to a colleague']!.open(page);
      await page.getByRole('button', { name: 'Make a link' }).click();
      await page.getByLabel('Link').waitFor();
      await stay(page);
    },
    focus: '',
  },
  "a colleague's form": {
    async open(page) {
      await popupStates['the link to a colleague']!.open(page);
      await page.goto(await page.getByLabel('Link').inputValue());
    },
    focus: 'username',
  },
  'the end of what a colleague was asked for': {
    async open(page) {
      const store = await startStore({ now: clock.now });
      const { popupUrl } = await store.activate(newIntegration(app, store).id);
      await page.goto(popupUrl);
      await page.getByRole('link', { name: 'Someone else has' }).click();
      await page.getByRole('button', { name: 'Make a link' }).click();
      await page.goto(await page.getByLabel('Link').inputValue());
      await signIn(page, merchant);
      await page.getByRole('heading', { name: 'Connected' }).waitFor();
    },
    focus: '',
  },
  'a link that does not work': {
    async open(page) {
      await page.goto(`${app.url}/login/hand-over/unknown`);
    },
    focus: '',
  },
  'a failure without a popup': {
    async open(page) {
      await page.goto(`${app.url}/login`);
    },
    focus: '',
  },
};

describe('in the popup', () => {
  for (const [what, { open, focus, alert }] of Object.entries(popupStates)) {
    it(`${what} is accessible`, async () => {
      await inBrowser(async (page) => {
        await open(page);

        if (alert) await page.getByRole('alert').waitFor();
        expect(await focused(page)).toBe(focus);
        expect(await page.getByRole('alert').count()).toBe(alert ? 1 : 0);
        if (alert) expect(await page.getByRole('alert').innerText()).toMatch(alert);
        await expectAccessible(page);
        if ((await page.locator('.main').count()) > 0) {
          expect(await reachMainByKeyboard(page)).toBe(true);
        }
      });
    });
  }
});

/** Signs an operator in, and opens a page of the console. */
async function openConsole(page: Page, address: string, person = operator): Promise<void> {
  await page.goto(`${app.url}/console/sign-in`);
  await signIn(page, person);
  if (person === otherOperator) {
    clock.advance(30);
    await page.getByLabel('Code from your app').fill(operatorsPhone.codeAt(clock.now()));
    await page.getByRole('button').click();
  }
  await page.getByRole('navigation', { name: 'Console' }).waitFor();
  await page.goto(`${app.url}${address}`);
}

/** Notes what may happen with an integration, one after the other. */
async function attempts(host: string, consumerKey = randomNonce()): Promise<void> {
  const account = merchant.username;
  const { timeline } = app.deps;
  timeline.note(consumerKey, { kind: 'popup_opened', returnHost: host, stores: [host] });
  timeline.note(consumerKey, { kind: 'failed', code: 'wrong_password', returnHost: host });
  timeline.note(consumerKey, { kind: 'question_asked', account });
  timeline.note(consumerKey, { kind: 'connected', account, store: host });
  clock.advance(30);
  timeline.note(consumerKey, { kind: 'failed', code: 'account_not_allowed', account });
  await timeline.of(consumerKey);
}

const consoleStates: Record<string, (page: Page) => Promise<void>> = {
  async 'the sign-in'(page) {
    await page.goto(`${app.url}/console/sign-in`);
  },
  async 'a sign-in that is refused'(page) {
    await page.goto(`${app.url}/console/sign-in`);
    await signIn(page, { ...operator, password: 'not the password' });
    await page.getByRole('alert').waitFor();
  },
  async 'the sign-in that asks for a code'(page) {
    await page.goto(`${app.url}/console/sign-in`);
    await signIn(page, otherOperator);
    await page.getByLabel('Code from your app').waitFor();
  },
  'the list without a store': (page) => openConsole(page, '/console'),
  async 'the list'(page) {
    await connect(app);
    await connect(app, { storeBaseUrl: `https://${longHost}/` });
    await openConsole(page, '/console');
  },
  'a search that finds nothing': (page) => openConsole(page, '/console?q=nothing'),
  async 'a store'(page) {
    await openConsole(page, pageOf(await connect(app)));
  },
  async 'a store, revealed'(page) {
    await openConsole(page, pageOf(await connect(app)));
    await page.getByLabel('Your password').fill(operator.password);
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.getByLabel('Access token', { exact: true }).waitFor();
  },
  async 'a store, not revealed for a wrong password'(page) {
    await openConsole(page, pageOf(await connect(app)));
    await page.getByLabel('Your password').fill('not the password');
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.getByRole('alert').waitFor();
  },
  async 'a store whose secrets cannot be opened'(page) {
    await openConsole(page, pageOf(await connectWithLostKey(app)));
  },
  async 'a store with a notice'(page) {
    const { consumerKey } = await connect(app);
    const credential = await app.deps.credentials.find(consumerKey);
    const lastPost = {
      ...{ verdict: 'suspicious' as const, at: clock.now() },
      ...{ from: '192.0.2.1', storeBaseUrl: 'https://shop.example/' },
    };
    await app.deps.notices.change(credential!, () => ({ probedAt: lastPost.at, lastPost }));
    await openConsole(page, pageOf({ consumerKey }));
  },
  async 'no attempt'(page) {
    const { url } = await startApp();
    await page.goto(`${url}/console/sign-in`);
    await signIn(page, operator);
    await page.getByRole('link', { name: 'Attempts' }).click();
    await page.getByText('Nobody has tried').waitFor();
  },
  async 'the attempts'(page) {
    await attempts(longHost);
    await openConsole(page, '/console/attempts?code=nothing');
  },
  async 'an attempt of a refused account'(page) {
    const { consumerKey } = await connect(app, { storeBaseUrl: `https://${longHost}/` });
    await attempts(longHost, consumerKey);
    await openConsole(page, `/console/attempts/${supportCode(consumerKey)}`);
  },
  async 'a store of which an account was refused'(page) {
    const { consumerKey } = await connect(app);
    await attempts('shop.example', consumerKey);
    await openConsole(page, pageOf({ consumerKey }));
  },
  async 'a search by a support code'(page) {
    const { consumerKey } = await connect(app);
    await attempts('shop.example', consumerKey);
    await openConsole(page, `/console?q=${supportCode(consumerKey)}`);
  },
  'an attempt that is not there': (page) => openConsole(page, '/console/attempts/ACT-222222'),
  async 'the question before a disconnect'(page) {
    await openConsole(page, `${pageOf(await connect(app))}/disconnect`);
  },
  async 'the people'(page) {
    await app.deps.invitations.create({ account: 'ada@shop.example', createdBy: 'olga' });
    await openConsole(page, '/console/people');
  },
  'no people found': (page) => openConsole(page, '/console/people?q=nobody'),
  async 'an account'(page) {
    await connect(app, { account: merchant.username });
    await app.deps.invitations.create({ account: merchant.username, createdBy: 'olga' });
    await openConsole(page, `/console/people/accounts/${merchant.username}`, otherOperator);
  },
  'an account that is to be made': (page) =>
    openConsole(page, '/console/people/new', otherOperator),
  'an invitation that is to be made': (page) => openConsole(page, '/console/people/invite'),
  async 'a link to send'(page) {
    await openConsole(page, '/console/people/invite');
    await page.getByLabel('Name to sign in with').fill('ada@shop.example');
    await page.getByRole('button', { name: 'Make the link' }).click();
    await page.getByRole('heading', { name: 'Send this link' }).waitFor();
  },
  async 'an invitation'(page) {
    const { invitation } = await app.deps.invitations.create(
      { account: 'ada@shop.example', storeHost: 'shop.example', createdBy: 'olga' },
      1,
    );
    clock.advance(1);
    await openConsole(page, `/console/people/invitations/${invitation.token}`);
  },
  'a store that is not there': (page) => openConsole(page, pageOf({ consumerKey: 'none' })),
  async 'an address that is not there'(page) {
    await page.goto(`${app.url}/no`);
  },
};

/** Signs somebody in to their account, and opens a page of it. */
async function openAccount(page: Page, address: string, person = merchant): Promise<void> {
  await page.goto(`${app.url}/account/sign-in`);
  await signIn(page, person);
  if (person === otherOperator) {
    clock.advance(30);
    await page.getByLabel('Code from your app').fill(operatorsPhone.codeAt(clock.now()));
    await page.getByRole('button').click();
  }
  await page.getByRole('navigation', { name: 'Your account' }).waitFor();
  await page.goto(`${app.url}${address}`);
}

const nobodyYet = { username: 'nina@merchant.example', password: 'nothing connected yet' };
await app.deps.accounts.add(nobodyYet.username, 'merchant', nobodyYet.password);

async function disconnectLink(page: Page): Promise<void> {
  await openAccount(page, '/account');
  await page.getByRole('link', { name: 'Disconnect' }).first().click();
  await page.getByRole('link', { name: 'Keep it' }).waitFor();
}

const accountStates: Record<string, (page: Page) => Promise<void>> = {
  async 'the sign-in'(page) {
    await page.goto(`${app.url}/account/sign-in`);
  },
  async 'a sign-in that is refused'(page) {
    await page.goto(`${app.url}/account/sign-in`);
    await signIn(page, { ...merchant, password: 'not the password' });
    await page.getByRole('alert').waitFor();
  },
  async 'the sign-in that asks for a code'(page) {
    await page.goto(`${app.url}/account/sign-in`);
    await signIn(page, otherOperator);
    await page.getByLabel('Code from your app').waitFor();
  },
  'no store': (page) => openAccount(page, '/account', nobodyYet),
  async 'its stores'(page) {
    await connect(app);
    const { consumerKey } = await connect(app, { storeBaseUrl: `https://${longHost}/` });
    await noteCheck(app, consumerKey, { result: 'refused', at: clock.now(), detail: '' });
    await openAccount(page, '/account');
    await page.getByText('Connect another store').click();
  },
  async 'the question before a disconnect'(page) {
    await connect(app);
    await disconnectLink(page);
  },
  async 'a store that was disconnected'(page) {
    await connect(app);
    await disconnectLink(page);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('alert').waitFor();
  },
  'a store that is not there': (page) => openAccount(page, '/account/stores/x/disconnect'),
  'the settings': (page) => openAccount(page, '/account/settings'),
  async 'a password that was refused, with a second factor'(page) {
    await openAccount(page, '/account/settings', otherOperator);
    await page.getByLabel('Your present password').fill('not the password');
    await page.getByLabel('Code of your').fill('000000');
    await page.getByLabel('New password, 8').fill('long enough');
    await page.getByLabel('New password once more').fill('long enough');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByRole('alert').waitFor();
  },
  async 'signed out everywhere'(page) {
    await openAccount(page, '/account/settings');
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByRole('link', { name: 'Sign in again' }).waitFor();
  },
  'a second factor that is off': (page) => openAccount(page, '/account/second-factor'),
  'a second factor that is on': (page) =>
    openAccount(page, '/account/second-factor', otherOperator),
  async 'new recovery codes'(page) {
    await openAccount(page, '/account/second-factor', otherOperator);
    clock.advance(30);
    await page.getByLabel('Your password').fill(otherOperator.password);
    await page.getByLabel('Code of your').fill(operatorsPhone.codeAt(clock.now()));
    await page.getByRole('button', { name: 'Make new' }).click();
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  },
};

const joiningStates: Record<string, (page: Page) => Promise<void>> = {
  async 'a registration'(page) {
    await page.goto(`${app.url}/register`);
  },
  async 'a registration that is refused'(page) {
    await page.goto(`${app.url}/register`);
    await page.getByLabel('Username').fill(merchant.username);
    await page.getByLabel('Password').fill('a long password');
    await page.getByRole('button').click();
    await page.getByRole('alert').waitFor();
  },
  async "an invitation's link"(page) {
    const { secret } = await app.deps.invitations.create({
      ...{ account: merchant.username, storeHost: longHost, createdBy: 'olga' },
    });
    await page.goto(`${app.url}/invitation/${secret}`);
  },
  async 'a link that is over'(page) {
    await page.goto(`${app.url}/invitation/x`);
  },
};

describe('in an account', () => {
  for (const [what, open] of Object.entries(accountStates)) {
    it(`${what} is accessible`, async () => {
      await inBrowser(async (page) => {
        await open(page);
        await expectAccessible(page);
      });
    });
  }
});

describe('on the way to an account', () => {
  for (const [what, open] of Object.entries(joiningStates)) {
    it(`${what} is accessible`, async () => {
      await inBrowser(async (page) => {
        await open(page);
        await expectAccessible(page);
      });
    });
  }
});

describe('in the console', () => {
  for (const [what, open] of Object.entries(consoleStates)) {
    it(`${what} is accessible`, async () => {
      await inBrowser(async (page) => {
        await open(page);
        await expectAccessible(page);
      });
    });
  }
});
