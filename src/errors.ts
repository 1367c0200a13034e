/** What goes wrong between the app and whoever calls it. */
export const ownErrorCodes = [
  // Requests to the app itself
  'bad_request',
  'wrong_host',
  'not_https',
  'not_found',
  'method_not_allowed',
  'too_large',
  'too_many_requests',
  'too_many_accounts',
  'not_form_encoded',
  'foreign_form',
  'form_expired',
  'page_expired',
  'wrong_password',
  'sign_ins_busy',
  'wrong_code',
  'too_many_codes',
  'invitation_over',
  'sign_in_required',
  'operator_required',
  // Start and storage
  'wrong_setting',
  'redis_unavailable',
  'stopping',
  'sealed_unreadable',
  // The activation
  'invalid_activation',
  'store_not_allowed',
  'store_not_expected',
  'address_unknown',
  'addresses_mixed',
  'too_many_pending',
  'opened_without_parameters',
  'magento_too_old',
  'activation_unknown',
  'activation_expired',
  'hand_over_unknown',
  'hand_over_used',
  'callback_refused',
  'store_ambiguous',
  'exchange_under_way',
  'token_kept',
  'account_not_allowed',
  'disconnected',
] as const;

/** What goes wrong between the app and a store. */
export const storeErrorCodes = [
  // What the store did, seen from the connection
  'store_address_forbidden',
  'store_unreachable',
  'store_no_reply',
  'store_timeout',
  'store_tls_untrusted',
  'store_reply_too_large',
  'store_reply_cut',
  'request_not_portable',
  'store_busy',
  // What the store answered, where it was not Magento that spoke
  'store_redirects',
  'store_not_found',
  'store_blocks_us',
  'store_unavailable',
  'store_failed',
  'store_reply_unreadable',
  // What Magento answered: the rows of its token endpoints
  'oauth_version_refused',
  'authorization_header_stripped',
  'oauth_parameter_missing',
  'token_refused',
  'signature_method_refused',
  'consumer_key_unknown',
  'nonce_used',
  'nonce_refused',
  'consumer_key_expired',
  'already_granted',
  'verifier_refused',
  'signature_refused',
  'verifier_spent',
  'verifier_missing',
  'request_token_shadowed',
  'oauth_problem_unknown',
  // What became of the exchange
  'grant_lost',
  'credential_refused',
] as const;

export type OwnErrorCode = (typeof ownErrorCodes)[number];
export type StoreErrorCode = (typeof storeErrorCodes)[number];

/** Every failure this app can name. `http/failures.ts` gives each one a status, the catalogue of `language/` a text. */
export const errorCodes = [...ownErrorCodes, ...storeErrorCodes] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A failure with a name. The message is for operators; what a visitor reads is chosen by `code`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  /** The one fact of a message that a visitor may read, too: the origin that a store redirects to. */
  readonly redirectsTo: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options?: ErrorOptions & { readonly redirectsTo?: string | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.redirectsTo = options?.redirectsTo;
  }
}
