import type { ErrorCode } from '../errors.js';

/** Who can put a failure right: `popup.fixer.…` names those who are not the reader. `time`: nobody has to, it passes. */
export const fixers = ['you', 'magentoAdmin', 'storeServer', 'appOperator', 'time'] as const;

export type Fixer = (typeof fixers)[number];

/** What a failure means to whoever meets it. Its two sentences are texts: `failures.<code>.text` and `failures.<code>.next`. */
export interface Failure {
  readonly status: number;
  readonly fixer: Fixer;
  /** Whether signing in again on the same page can help; otherwise Magento's own page is the way on. */
  readonly canRetry?: true;
  /** Whether the way on is to type the app's addresses into Magento, so that the page shows them. */
  readonly showsAddresses?: true;
  /** Whether `failures.<code>.hint` says what may lie behind it. */
  readonly hasHint?: true;
}

/**
 * Every way in which it can go wrong. 409: the state of the activation; 502: the store's fault; 503: ours, and it passes.
 * `unexpected` is anything that has no code: a fault of ours, of which nobody outside reads more.
 */
export const failures: Readonly<Record<ErrorCode | 'unexpected', Failure>> = {
  // Between the app and its callers
  bad_request: { status: 400, fixer: 'you' },
  wrong_host: { status: 421, fixer: 'appOperator' },
  not_https: { status: 403, fixer: 'you' },
  not_found: { status: 404, fixer: 'you' },
  method_not_allowed: { status: 405, fixer: 'you' },
  too_large: { status: 413, fixer: 'you' },
  too_many_requests: { status: 429, fixer: 'time' },
  too_many_accounts: { status: 429, fixer: 'time' },
  not_form_encoded: { status: 415, fixer: 'you' },
  foreign_form: { status: 403, fixer: 'you' },
  form_expired: { status: 403, fixer: 'you' },
  page_expired: { status: 403, fixer: 'you' },
  wrong_password: { status: 401, fixer: 'you' },
  sign_ins_busy: { status: 429, fixer: 'time', canRetry: true },
  wrong_code: { status: 401, fixer: 'you' },
  too_many_codes: { status: 429, fixer: 'time' },
  invitation_over: { status: 404, fixer: 'you', canRetry: true },
  sign_in_required: { status: 401, fixer: 'you', canRetry: true },
  operator_required: { status: 403, fixer: 'you' },
  wrong_setting: { status: 500, fixer: 'appOperator' },
  redis_unavailable: { status: 503, fixer: 'time', canRetry: true },
  stopping: { status: 503, fixer: 'time', canRetry: true },
  sealed_unreadable: { status: 500, fixer: 'appOperator' },
  invalid_activation: { status: 400, fixer: 'you' },
  store_not_allowed: { status: 403, fixer: 'magentoAdmin' },
  store_not_expected: { status: 403, fixer: 'magentoAdmin' },
  address_unknown: { status: 404, fixer: 'magentoAdmin' },
  addresses_mixed: { status: 409, fixer: 'magentoAdmin' },
  too_many_pending: { status: 429, fixer: 'time' },
  opened_without_parameters: {
    status: 400,
    fixer: 'magentoAdmin',
    showsAddresses: true,
    hasHint: true,
  },
  magento_too_old: { status: 400, fixer: 'magentoAdmin' },
  activation_unknown: { status: 404, fixer: 'you', showsAddresses: true, hasHint: true },
  activation_expired: { status: 410, fixer: 'you' },
  hand_over_unknown: { status: 404, fixer: 'you' },
  hand_over_used: { status: 410, fixer: 'you' },
  callback_refused: { status: 400, fixer: 'you' },
  store_ambiguous: { status: 409, fixer: 'you' },
  exchange_under_way: { status: 409, fixer: 'time', canRetry: true },
  token_kept: { status: 503, fixer: 'time', canRetry: true },
  account_not_allowed: { status: 409, fixer: 'you', canRetry: true },
  disconnected: { status: 409, fixer: 'you' },

  // Between the app and a store
  store_address_forbidden: { status: 502, fixer: 'magentoAdmin' },
  store_unreachable: { status: 502, fixer: 'storeServer', canRetry: true },
  store_no_reply: { status: 502, fixer: 'time', canRetry: true },
  store_timeout: { status: 502, fixer: 'time', canRetry: true },
  store_tls_untrusted: { status: 502, fixer: 'storeServer' },
  store_reply_too_large: { status: 502, fixer: 'storeServer' },
  store_reply_cut: { status: 502, fixer: 'time', canRetry: true },
  request_not_portable: { status: 502, fixer: 'magentoAdmin' },
  store_busy: { status: 503, fixer: 'time', canRetry: true },
  store_redirects: { status: 502, fixer: 'magentoAdmin' },
  store_not_found: { status: 502, fixer: 'magentoAdmin' },
  store_blocks_us: { status: 502, fixer: 'storeServer' },
  store_unavailable: { status: 502, fixer: 'time', canRetry: true },
  store_failed: { status: 502, fixer: 'storeServer' },
  store_reply_unreadable: { status: 502, fixer: 'storeServer' },
  oauth_version_refused: { status: 502, fixer: 'appOperator', canRetry: true },
  authorization_header_stripped: { status: 502, fixer: 'storeServer' },
  oauth_parameter_missing: { status: 502, fixer: 'appOperator', canRetry: true },
  token_refused: { status: 502, fixer: 'you' },
  signature_method_refused: { status: 502, fixer: 'magentoAdmin' },
  consumer_key_unknown: { status: 502, fixer: 'you' },
  nonce_used: { status: 502, fixer: 'storeServer', canRetry: true },
  nonce_refused: { status: 502, fixer: 'storeServer', canRetry: true },
  consumer_key_expired: { status: 409, fixer: 'you' },
  already_granted: { status: 409, fixer: 'you' },
  verifier_refused: { status: 502, fixer: 'you' },
  signature_refused: { status: 502, fixer: 'storeServer' },
  verifier_spent: { status: 409, fixer: 'you' },
  verifier_missing: { status: 409, fixer: 'you' },
  request_token_shadowed: { status: 409, fixer: 'you' },
  oauth_problem_unknown: { status: 502, fixer: 'you', canRetry: true },
  grant_lost: { status: 502, fixer: 'you', canRetry: true },
  credential_refused: { status: 502, fixer: 'you' },

  unexpected: { status: 500, fixer: 'appOperator', canRetry: true },
};
