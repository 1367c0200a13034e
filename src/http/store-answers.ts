import type { StoreErrorCode } from '../errors.js';
import { activateAgain, tellSupport, type Answer } from './answer.js';

const askHost =
  "Ask whoever runs the store's server, then click Activate (or Reauthorize) in Magento again.";

/** Answers to what became of calls to stores. 502: the store's fault; 409: the state the activation has reached there; 503: ours. */
export const storeAnswers: Record<StoreErrorCode, Answer> = {
  store_address_forbidden: {
    status: 502,
    text: "The store's address leads to a place this app does not connect to.",
    next: "Check the store's Base URL in Magento, then click Activate again.",
  },
  store_unreachable: {
    status: 502,
    text: 'The store could not be reached.',
    next: 'Check that the store is reachable from the internet, then sign in here again.',
    canRetry: true,
  },
  store_no_reply: {
    status: 502,
    text: 'The store closed the connection without an answer.',
    next: 'Wait a minute, then sign in here again.',
    canRetry: true,
  },
  store_timeout: {
    status: 502,
    text: 'The store took too long to answer.',
    next: 'Wait a minute, then sign in here again.',
    canRetry: true,
  },
  store_tls_untrusted: {
    status: 502,
    text: "The store's TLS certificate is not trusted: it is expired, self-signed, incomplete or for another name.",
    next: askHost,
  },
  store_reply_too_large: {
    status: 502,
    text: 'The store answered with far more than Magento would.',
    next: askHost,
  },
  store_reply_cut: {
    status: 502,
    text: "The store's answer broke off.",
    next: 'Sign in here again.',
    canRetry: true,
  },
  request_not_portable: {
    status: 502,
    text: 'A request to the store cannot be spelled so that every Magento release accepts it.',
    next: "Check the store's Base URL in Magento for unusual characters, then click Activate again.",
  },
  store_busy: {
    status: 503,
    text: 'This app is making too many calls to stores at the moment.',
    next: 'Wait a minute, then sign in here again.',
    canRetry: true,
  },
  store_redirects: {
    status: 502,
    text: 'The store redirects to another address instead of answering.',
    next: "Correct the store's Base URL in Magento (http or https, www or not), then click Activate again.",
  },
  store_not_found: {
    status: 502,
    text: "There is no Magento at the store's address.",
    next: "Check the store's Base URL and web server rewrites in Magento, then click Activate again.",
  },
  store_blocks_us: {
    status: 502,
    text: 'Something in front of the store (a firewall or a password) refuses our requests.',
    next: askHost,
  },
  store_unavailable: {
    status: 502,
    text: 'The store is in maintenance or overloaded.',
    next: 'Wait until the store is back and sign in here again; after five minutes, click Activate in Magento first.',
    canRetry: true,
  },
  store_failed: {
    status: 502,
    text: 'The store answered with an internal error.',
    next: "Look into Magento's exception log, then click Activate again.",
  },
  store_reply_unreadable: {
    status: 502,
    text: 'The store answered with something that is not a reply of Magento.',
    next: askHost,
  },
  oauth_version_refused: {
    status: 502,
    text: 'The store does not accept our OAuth version.',
    next: tellSupport,
    canRetry: true,
  },
  authorization_header_stripped: {
    status: 502,
    text: "The store's web server or proxy removes the Authorization header.",
    next: 'Have the web server pass the Authorization header on to PHP, then click Activate in Magento again.',
  },
  oauth_parameter_missing: {
    status: 502,
    text: 'The store misses a part of our signed request.',
    next: tellSupport,
    canRetry: true,
  },
  token_refused: {
    status: 502,
    text: 'The store does not recognise the token it gave us.',
    next: activateAgain,
  },
  signature_method_refused: {
    status: 502,
    text: 'The store does not accept HMAC-SHA256 signatures.',
    next: 'Update Magento to 2.3.3 or newer and click Activate again.',
  },
  consumer_key_unknown: {
    status: 502,
    text: 'The store does not know this integration: it was deleted, or this is another store.',
    next: 'Create the integration again in Magento and click Save and Activate.',
  },
  nonce_used: {
    status: 502,
    text: 'The store received one of our requests twice.',
    next: 'Sign in here again; if it happens again, look for a proxy that repeats requests.',
    canRetry: true,
  },
  nonce_refused: {
    status: 502,
    text: 'The store rejects the time or the number of our request; its clock may be more than ten minutes behind.',
    next: "Have the store's clock checked, then sign in here again.",
    canRetry: true,
  },
  consumer_key_expired: {
    status: 409,
    text: 'More than five minutes have passed since you clicked Activate, so the key has expired.',
    next: activateAgain,
  },
  already_granted: {
    status: 409,
    text: 'The store says that access was granted before, but we do not hold that access.',
    next: 'If Magento shows the integration as Active, click Reauthorize; if not, click Activate.',
  },
  verifier_refused: {
    status: 502,
    text: 'The store does not accept the verifier that it sent us.',
    next: activateAgain,
  },
  signature_refused: {
    status: 502,
    text: 'The store does not accept our signature.',
    next: 'Click Activate in Magento again; if it happens again, check that no proxy changes the host, port or https of requests to the store.',
  },
  verifier_spent: {
    status: 409,
    text: 'The store has used up this activation and will not accept it again.',
    next: 'If Magento shows the integration as Active, click Reauthorize; if not, delete the integration and create it again.',
  },
  verifier_missing: {
    status: 409,
    text: 'The store holds no activation for this integration.',
    next: activateAgain,
  },
  request_token_shadowed: {
    status: 409,
    text: 'The store mixes up two activations of this integration.',
    next: 'Delete the integration in Magento, create it again and click Save and Activate.',
  },
  oauth_problem_unknown: {
    status: 502,
    text: 'The store refused, with a sentence we do not know.',
    next: 'Click Activate (or Reauthorize) in Magento again; if that does not help, delete the integration and create it again, or tell our support the code below.',
    canRetry: true,
  },
  grant_lost: {
    status: 502,
    text: 'The store may have granted access.',
    next: 'Wait one minute. If Magento shows Active then, click Reauthorize; if not, sign in here again.',
    canRetry: true,
  },
  credential_refused: {
    status: 502,
    text: 'The store granted access, but refuses the first call made with it.',
    next: 'In Magento, go to System > Extensions > Integrations and click Reauthorize.',
  },
};
