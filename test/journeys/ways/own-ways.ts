import type { OwnErrorCode } from '../../../src/errors.js';
import { disconnectStore } from '../../../src/activation/disconnect-store.js';
import { identityQuery } from '../../support/activation.js';
import { turnOn } from '../../support/second-factor.js';
import { startHeldStore } from '../../support/held-store.js';
import { newIntegration } from '../../support/popup.js';
import { popupUrlFrom } from '../../support/posts.js';
import { merchant, otherMerchant, startApp } from '../../support/start-app.js';
import { startRedis } from '../../support/start-redis.js';
import {
  announced,
  app,
  clock,
  linkOn,
  openForm,
  patience,
  invited,
  posted,
  postedTo,
  press,
  signIn,
  signInTo,
} from './scene.js';
import type { Way } from './store-ways.js';

/** Failures that no popup shows, and who meets them instead. */
export const elsewhere: Partial<Record<OwnErrorCode, string>> = {
  bad_request: 'a program: no form of ours is unreadable',
  wrong_host: 'plain text, in front of every page',
  not_https: 'plain text, in front of every page',
  not_found: 'whoever types an address: no page of the popup links to one',
  too_large: 'a program: every field has a bound of its own',
  not_form_encoded: 'a program',
  page_expired: 'the console and the account',
  sign_ins_busy: 'a crowd: test/accounts/waiting-line.test.ts',
  too_many_accounts: 'a crowd: test/joining/register.test.ts',
  invitation_over: 'whoever opens a link: test/joining/invitation.test.ts',
  operator_required: 'the console',
  wrong_setting: 'whoever starts the app',
  invalid_activation: 'Magento, as plain text',
  store_not_allowed: 'Magento, as plain text',
  too_many_pending: 'Magento, as plain text',
  store_not_expected: 'Magento, as plain text',
};

const redis = await startRedis();
const fragile = await startApp({ ...patience, redis });

/** How each failure between the app and who calls it comes about in a popup. */
export const ownWays: Readonly<Partial<Record<OwnErrorCode, Way>>> = {
  async method_not_allowed(page) {
    await page.goto(`${app.url}/checklogin`);
  },
  async too_many_requests(page) {
    const crowded = await startApp(patience);
    await crowded.deps.visits.add('127.0.0.1', 3_000);
    await crowded.deps.visits.add('::1', 3_000);
    await page.goto(`${crowded.url}/login`);
  },
  async foreign_form(page) {
    await page.setContent(
      `<form method="post" action="${app.url}/checklogin"><button>Send</button></form>`,
    );
    await press(page);
  },
  async form_expired(page) {
    await openForm(page);
    await page.context().clearCookies();
    await signIn(page);
  },
  async wrong_password(page) {
    await openForm(page);
    await signIn(page, { ...merchant, password: 'not the password' });
  },
  async wrong_code(page) {
    await openForm(page);
    await signIn(page, otherMerchant);
    await page.getByLabel('Code from your app').fill('000000');
    await press(page);
  },
  async too_many_codes(page) {
    await ownWays.wrong_code!(page);
    for (let tries = 0; tries < 10; tries += 1) {
      const field = page.getByLabel('Code from your app');
      if ((await field.count()) === 0) return;
      await field.fill('000000');
      await press(page);
    }
  },
  async sign_in_required(page) {
    await openForm(page);
    await signIn(page, otherMerchant);
    clock.advance(6 * 60);
    await page.getByLabel('Code from your app').fill('000000');
    await press(page);
  },
  async redis_unavailable(page) {
    const { popupUrl } = await posted(undefined, undefined, fragile);
    await redis.client().config('SET', 'maxmemory', '1');
    await page.goto(popupUrl);
    await redis.client().config('SET', 'maxmemory', '0');
  },
  async stopping(page) {
    const stopping = await startApp(patience);
    const { popupUrl } = await posted(undefined, undefined, stopping);
    stopping.deps.storeHttp.refuseCalls();
    await page.goto(popupUrl);
    await signIn(page);
  },
  async sealed_unreadable(page) {
    const { popupUrl, consumerKey } = await posted();
    const key = `${app.prefix}activation:{${consumerKey}}`;
    const record = (await app.redis.get(key)) ?? '';
    await app.redis.set(key, record.replaceAll('v1.test.', 'v1.lost.'));
    await page.goto(popupUrl);
    await signIn(page);
  },
  async address_unknown(page) {
    const { popupUrl } = await posted();
    await page.goto(popupUrl.replace('/login?', '/login/no-such-address?'));
  },
  async addresses_mixed(page) {
    const { invitation } = await app.deps.invitations.create(invited);
    const { popupUrl } = await postedTo(`/endpoint/${invitation.token}`);
    await page.goto(popupUrl);
  },
  async opened_without_parameters(page) {
    await page.goto(`${app.url}/login`);
  },
  async magento_too_old(page) {
    await page.goto(`${app.url}/login?consumer_id=7`);
  },
  async activation_unknown(page) {
    const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';
    await page.goto(`${app.url}/login?${identityQuery('0'.repeat(32), callback)}`);
  },
  async activation_expired(page) {
    const { popupUrl } = await posted();
    clock.advance(901);
    await page.goto(popupUrl);
  },
  async hand_over_unknown(page) {
    await page.goto(`${app.url}/login/hand-over/unknown`);
  },
  async hand_over_used(page) {
    const { popupUrl } = await announced();
    await page.goto(popupUrl);
    const link = await linkOn(page);
    await page.goto(link);
    await signIn(page);
    await page.goto(link);
  },
  async callback_refused(page) {
    const { consumerKey } = await posted();
    const query = identityQuery(consumerKey, 'https://shop.example/elsewhere');
    await page.goto(`${app.url}/login?${query}`);
  },
  async store_ambiguous(page) {
    const stores = ['https://shop.example/', 'https://other.example/'];
    const { popupUrl } = await posted(stores, 'https://admin.example');
    await page.goto(popupUrl);
    await signIn(page);
    await page
      .getByRole('button')
      .first()
      .evaluate((button) => {
        button.setAttribute('value', '');
      });
    await press(page);
  },
  async exchange_under_way(page) {
    await signInTo(page, 'drop-before@access');
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await signIn(page);
  },
  async token_kept(page) {
    const store = await startHeldStore({ now: clock.now });
    const integration = newIntegration(fragile, store);
    await store.activate(integration.id);
    await page.goto(popupUrlFrom(fragile, integration, store.url));
    const reply = store.holdReplyTo('token/request');
    const signedIn = signIn(page);
    await reply.given;
    await redis.client().config('SET', 'maxmemory', '1');
    reply.letGo();
    await signedIn;
    await redis.client().config('SET', 'maxmemory', '0');
  },
  async account_not_allowed(page) {
    await signInTo(page, 'status-503@request');
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await app.deps.accounts.add('nora', 'merchant', merchant.password);
    await signIn(page, { ...merchant, username: 'nora' });
  },
  async disconnected(page) {
    const { popupUrl, consumerKey } = await announced();
    await page.goto(popupUrl);
    await signIn(page);
    await disconnectStore(app.deps, consumerKey);
    await page.goto(popupUrl);
  },
};

await turnOn(app.deps, otherMerchant.username);
