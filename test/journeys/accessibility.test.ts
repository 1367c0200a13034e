import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { connect, connectWithLostKey, pageOf } from '../console/operators.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { startBrowser } from '../support/browser.js';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, operator, otherMerchant, startApp } from '../support/start-app.js';

// Each page is looked at in six ways.
jest.setTimeout(120_000);

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    readonly axe: { run(options: object): Promise<AxeResults> };
  }
}

const conformance = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const schemes = ['light', 'dark'] as const;

/** Magento's window, a narrow phone, and Magento's window at 200 %. */
const windows = [
  { width: 680, height: 510 },
  { width: 320, height: 568 },
  { width: 340, height: 255 },
] as const;

/** A page in one of the six ways it is looked at. */
interface Look {
  /** What axe-core finds against it. */
  readonly violations: readonly string[];
  readonly overflows: boolean;
}

async function lookAt(page: Page): Promise<Record<string, Look>> {
  await page.evaluate(axe);
  const looks: Record<string, Look> = {};
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme });
    for (const size of windows) {
      await page.setViewportSize(size);
      looks[`${colorScheme} ${size.width} x ${size.height}`] = {
        violations: await violationsOn(page),
        overflows: await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        ),
      };
    }
  }
  return looks;
}

async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(
    (values) => window.axe.run({ runOnly: { type: 'tag', values } }),
    conformance,
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
  );
}

const good: Look = { violations: [], overflows: false };

/** Everything that holds of a page in all six ways. */
async function expectAccessible(page: Page): Promise<void> {
  const looks = await lookAt(page);

  expect(Object.keys(looks)).toHaveLength(6);
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
  'a second factor that is off': (page) => openConsole(page, '/console/second-factor'),
  'a second factor that is on': (page) =>
    openConsole(page, '/console/second-factor', otherOperator),
  async 'new recovery codes'(page) {
    await openConsole(page, '/console/second-factor', otherOperator);
    clock.advance(30);
    await page.getByLabel('Your password').fill(otherOperator.password);
    await page.getByLabel('Code of your').fill(operatorsPhone.codeAt(clock.now()));
    await page.getByRole('button', { name: 'Make new' }).click();
    await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  },
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
  async 'an address that is not there'(page) {
    await page.goto(`${app.url}/no`);
  },
};

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
