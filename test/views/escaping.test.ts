import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ejs from 'ejs';
import type { LoginView } from '../../src/activation/login-view.js';
import type { AttemptView } from '../../src/console/attempt-view.js';
import type { HandOverView } from '../../src/activation/hand-over/hand-over-view.js';
import type { ProgressView } from '../../src/activation/waiting/progress-view.js';
import type { BrandView } from '../../src/brand/brand.js';
import type { FailureView } from '../../src/http/error-handler.js';
import { spoken } from '../support/spoken.js';

const views = path.resolve(import.meta.dirname, '../../views');
const nasty = `"><script>alert(1)</script>' onload=x &amp;<%= 1 %>`;
const escaped =
  '&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39; onload=x &amp;amp;&lt;%= 1 %&gt;';

const failure: FailureView = {
  text: nasty,
  next: nasty,
  fixer: nasty,
  hint: nasty,
  addresses: { callbackUrl: nasty, identityLinkUrl: nasty },
  code: nasty,
  inPopup: true,
  tryAgain: nasty,
};

const brand: BrandView = { name: nasty, logo: nasty };

const login: LoginView = {
  storeHosts: [nasty],
  returnHost: nasty,
  timeLeft: nasty,
  secondsLeft: 252,
  isLate: false,
  news: { kind: 'bad', text: nasty, next: nasty },
  late: { kind: 'caution', text: '', next: '' },
  isHandedOver: false,
  username: nasty,
  isKnown: true,
  links: { help: nasty, notYours: nasty, someoneElse: nasty, handOver: nasty },
  registerHref: nasty,
  popupId: nasty,
  csrfToken: nasty,
  supportCode: nasty,
};

const confirm = {
  stores: [{ host: nasty, origin: nasty }],
  returnsElsewhere: true,
  replacedHost: nasty,
  isHandedOver: true,
  returnHost: nasty,
  help: nasty,
  popupId: nasty,
  csrfToken: nasty,
  supportCode: nasty,
};

const frame = {
  operator: nasty,
  csrfToken: nasty,
  places: [{ href: nasty, label: nasty, isHere: true, badge: nasty }],
};
const ownFrame = {
  account: nasty,
  csrfToken: nasty,
  places: [{ href: nasty, label: nasty, isHere: true }],
  notice: { kind: 'good', text: nasty, next: nasty },
};
const addresses = { callbackUrl: nasty, identityLinkUrl: nasty };
const moment = { iso: nasty, exact: nasty, relative: nasty };
const check = { meaning: nasty, word: nasty, at: moment, detail: nasty, next: nasty };
const notice = {
  ...{ word: nasty, meaning: nasty, text: nasty, next: nasty, at: moment },
  ...{ from: nasty, storeBaseUrl: nasty, canDismiss: true },
};
const refusal = { text: nasty, next: nasty, at: moment };
const told = { text: nasty, meaning: nasty, next: nasty, fixer: nasty };
const attempt: AttemptView = {
  ...{ href: nasty, supportCode: nasty, consumerKey: nasty, hosts: nasty, account: nasty },
  ...{ accounts: nasty, isRefused: true, began: moment, last: moment, returnHost: nasty },
  ...{ storeHref: nasty, ending: told as AttemptView['ending'] },
  events: [{ ...(told as AttemptView['ending']), at: moment, code: nasty }],
};
const problem = { text: nasty, next: nasty };

const person = {
  ...{ href: nasty, name: nasty, role: nasty, isDisabled: true, made: moment, stores: nasty },
  hasSecondFactor: true,
};
const state = { word: nasty, meaning: nasty };
const invitation = { href: nasty, account: nasty, store: nasty, made: moment, state };

const code = {
  problem,
  help: nasty,
  isHandedOver: true,
  returnHost: nasty,
  popupId: nasty,
  csrfToken: nasty,
  supportCode: nasty,
};

const help = {
  hosts: nasty,
  isHandedOver: false,
  returnHost: nasty,
  back: nasty,
  supportCode: nasty,
};
const progress: ProgressView = {
  storeHost: nasty,
  steps: [{ text: nasty, state: 'now', word: nasty }],
  isHandedOver: false,
  returnHost: nasty,
  refresh: nasty,
  supportCode: nasty,
};

const handOver: HandOverView = {
  ...{ timeLeft: nasty, secondsLeft: 252, isLate: false },
  late: { kind: 'caution', text: '', next: '' },
  storeHosts: [nasty],
  returnHost: nasty,
  link: nasty,
  mailto: nasty,
  refresh: nasty,
  loginPath: nasty,
  popupId: nasty,
  csrfToken: nasty,
  supportCode: nasty,
};

const pages: Readonly<Record<string, object>> = {
  failure,
  login,
  'confirm-return': confirm,
  'second-factor': code,
  help,
  'not-yours': help,
  progress,
  connected: { storeHost: nasty, returnHost: nasty, supportCode: nasty },
  'hand-over': handOver,
  'hand-over-link': handOver,
  'joining/register': {
    ...{ inPopup: true, action: nasty, csrfToken: nasty, username: nasty, signInHref: nasty },
    isNameNext: true,
    problem: { kind: nasty, text: nasty, next: nasty },
  },
  'joining/invitation': {
    ...{ csrfToken: nasty, action: nasty, account: nasty, isKnown: true, storeHost: nasty },
    ...{ until: nasty, addresses: { callbackUrl: nasty, identityLinkUrl: nasty } },
    problem: { kind: nasty, text: nasty, next: nasty },
  },
  'console/sign-in-code': { problem, csrfToken: nasty },
  'account/sign-in': { problem, csrfToken: nasty, username: nasty },
  'account/sign-in-code': { problem, csrfToken: nasty },
  'account/stores': {
    frame: ownFrame,
    pairs: [{ ...addresses, host: nasty }],
    stores: [
      {
        ...{ host: nasty, path: nasty, word: nasty, meaning: nasty, next: nasty },
        ...{ checked: moment, connected: moment, supportCode: nasty },
      },
    ],
  },
  'account/disconnect': { frame: ownFrame, host: nasty, path: nasty },
  'account/not-found': { frame: ownFrame, text: nasty, detail: nasty },
  'account/settings': {
    ...{ frame: ownFrame, problem, asksForCode: true },
    languages: [{ value: nasty, name: nasty, isChosen: true }],
  },
  'account/signed-out': {},
  'account/second-factor-off': {
    ...{ frame: ownFrame, problem, secret: nasty, qr: { size: 1, path: nasty } },
  },
  'account/second-factor': {
    ...{ frame: ownFrame, problem, turnedOn: moment, codesLeft: nasty, hasFewCodes: true },
  },
  'account/recovery-codes': { frame: ownFrame, codes: [nasty, nasty] },
  'console/sign-in': { problem, csrfToken: nasty, username: nasty },
  'console/not-found': {
    ...{ frame, text: nasty, detail: nasty },
    back: { href: nasty, text: nasty },
  },
  'console/disconnect': { frame, host: nasty, account: nasty, path: nasty },
  'console/attempt-list': {
    ...{ frame, typed: nasty, isFull: true, rows: [attempt] },
    addresses: { callbackUrl: nasty, identityLinkUrl: nasty },
  },
  'console/attempt': { frame, code: nasty, attempts: [attempt, attempt] },
  'console/people/people': {
    ...{ frame, notice: problem, query: nasty, count: nasty, range: nasty },
    ...{ previousHref: nasty, nextHref: nasty, rows: [person], invitations: [invitation] },
  },
  'console/people/person': {
    ...{ frame, notice: problem, problem, ...person, invitations: [invitation] },
    ...{ connectedStores: [{ href: nasty, host: nasty }], inviteHref: nasty },
    ...{ isOwn: false, canHaveLink: true, asksForCode: true },
  },
  'console/people/new-account': {
    ...{ frame, problem, name: nasty, isOperator: true, asksForCode: true },
  },
  'console/people/invite': {
    ...{ frame, problem, name: nasty, storeHost: nasty, days: nasty, mostDays: nasty },
    asksForCode: true,
  },
  'console/people/invitation': {
    ...{ frame, problem, ...invitation, accountHref: nasty, createdBy: nasty },
    ...{ addresses: { callbackUrl: nasty, identityLinkUrl: nasty }, haveAddresses: false },
    asksForCode: true,
  },
  'console/people/link': {
    ...{ frame, account: nasty, store: nasty, until: nasty, link: nasty },
    ...{ mailHref: nasty, invitationHref: nasty },
  },
  'console/store': {
    ...{ frame, problem, unreadable: undefined, host: nasty, check, path: nasty, account: nasty },
    ...{ refusal, attemptHref: nasty },
    ...{ notice, storeBaseUrl: nasty, connected: moment, supportCode: nasty, consumerKey: nasty },
    ...{
      isRevealed: true,
      asksForCode: true,
      shownSeconds: nasty,
      values: [{ id: nasty, label: nasty, text: nasty }],
    },
  },
  'console/store-list': {
    ...{ frame, notice: problem, state: 'some', count: nasty, query: nasty, range: nasty },
    ...{ previousHref: nasty, nextHref: nasty, attempt: { code: nasty, href: nasty } },
    addresses,
    rows: [
      {
        href: nasty,
        title: nasty,
        host: nasty,
        account: nasty,
        connected: moment,
        check,
        notice,
        isRefused: true,
      },
    ],
  },
};

function render(page: string): Promise<string> {
  return ejs.renderFile(path.join(views, `${page}.ejs`), { ...spoken, brand, ...pages[page] });
}

/** How often the text stands in any value of a view. */
function countIn(value: unknown): number {
  if (typeof value === 'string') return value === nasty ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + countIn(part), 0);
}

describe('a page with markup in every field', () => {
  for (const page of Object.keys(pages)) {
    it(`${page} shows it as text`, async () => {
      const html = await render(page);

      expect(html.replace('<script src="/assets/popup.js"></script>', '')).not.toContain('<script');
      expect(html).not.toContain(nasty);
      expect(html.split(escaped).length - 1).toBeGreaterThan(1);
    });
  }

  for (const page of [
    'failure',
    'login',
    'confirm-return',
    'second-factor',
    'help',
    'not-yours',
    'progress',
    'connected',
    ...['joining/register', 'joining/invitation'],
  ]) {
    it(`${page} shows every one of its fields`, async () => {
      const html = await render(page);

      expect(html.split(escaped).length - 1).toBeGreaterThanOrEqual(
        countIn({ brand, page: pages[page] }),
      );
    });
  }
});

describe('a page with a line break and a quote in an address', () => {
  it('stays inside its attribute', async () => {
    const html = await ejs.renderFile(path.join(views, 'failure.ejs'), {
      ...spoken,
      brand,
      ...failure,
      tryAgain: '/x"\nonclick="y',
    });

    expect(html).toContain('href="/x&#34;\nonclick=&#34;y"');
  });
});
