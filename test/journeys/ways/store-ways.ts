import type { Page } from 'playwright-core';
import type { StoreErrorCode } from '../../../src/errors.js';
import { startApp } from '../../support/start-app.js';
import { announced, patience, posted, signIn, signInTo } from './scene.js';

/** Brings a page there. */
export type Way = (page: Page) => Promise<void>;

const faulty =
  (...faults: string[]): Way =>
  (page) =>
    signInTo(page, ...faults);

/** What Magento says at a call, in its own words. */
const says = (call: 'request' | 'access', text: string): Way =>
  faulty(`problem@${call},status=401,text=${text}`);

/** A sign-in to a store of which only the address is real. */
const storeAt =
  (address: string): Way =>
  async (page) => {
    const { popupUrl } = await posted([address], new URL(address).origin);
    await page.goto(popupUrl);
    await signIn(page);
  };

/** How each failure between the app and a store comes about. */
export const storeWays: Readonly<Record<StoreErrorCode, Way>> = {
  async store_address_forbidden(page) {
    const careful = await startApp({
      ...patience,
      storePolicy: { allowPrivate: false },
      lookUp: () => Promise.resolve(['10.0.0.1']),
    });
    const { popupUrl } = await posted(undefined, undefined, careful);
    await page.goto(popupUrl);
    await signIn(page);
  },
  store_unreachable: storeAt('http://127.0.0.1:1/'),
  store_no_reply: faulty('drop-before@request'),
  store_timeout: faulty('slow@request,ms=2000'),
  async store_tls_untrusted(page) {
    const { popupUrl } = await announced([], { tls: { certificate: 'self-signed' } });
    await page.goto(popupUrl);
    await signIn(page);
  },
  store_reply_too_large: faulty('oversized@request'),
  store_reply_cut: faulty('cut@request'),
  request_not_portable: storeAt('https://shop.example/a%2Fb/'),
  async store_busy(page) {
    const busy = await startApp({
      ...patience,
      callLimits: { inAll: 0, perStore: 0, waiting: 0, patienceMs: 1 },
    });
    const { popupUrl } = await posted(undefined, undefined, busy);
    await page.goto(popupUrl);
    await signIn(page);
  },
  store_redirects: faulty('redirect@request,location=https://www.shop.example/'),
  store_not_found: faulty('wrong-base-url@post,url=http://store/old/'),
  store_blocks_us: faulty('waf-403@request'),
  store_unavailable: faulty('status-503@request'),
  store_failed: faulty('status-500@request'),
  store_reply_unreadable: faulty('html-200@request'),
  oauth_version_refused: says('request', 'OAuth version 1.0 is not supported'),
  authorization_header_stripped: faulty('strip-authorization@request'),
  oauth_parameter_missing: says('request', '"oauth_nonce" is required. Enter and try again.'),
  token_refused: says('access', 'Token is not the correct length'),
  signature_method_refused: says('request', 'Signature method HMAC-SHA256 is not supported'),
  consumer_key_unknown: says('request', 'A consumer having the specified key does not exist'),
  nonce_used: says('request', 'The nonce is already being used by the consumer with ID 7'),
  nonce_refused: says('request', 'An error occurred validating the nonce'),
  consumer_key_expired: says('request', 'Consumer key has expired'),
  already_granted: faulty('granted-twice@request'),
  verifier_refused: says('access', 'Verifier is invalid'),
  signature_refused: says('request', 'The signature is invalid. Verify and try again.'),
  verifier_spent: says(
    'request',
    'Cannot create request token because consumer token is not a verifier token',
  ),
  verifier_missing: says('request', 'A token with consumer ID 7 does not exist'),
  request_token_shadowed: says(
    'access',
    'Cannot get access token because consumer token is not a request token',
  ),
  oauth_problem_unknown: says('request', 'Der Verbraucherschlüssel ist abgelaufen'),
  grant_lost: faulty('drop-before@access'),
  credential_refused: faulty('token-gone@rest'),
};
