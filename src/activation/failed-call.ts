import type { ErrorCode } from '../errors.js';

/** Whether the store refused who asked, before the verifier was touched: another POST may be the genuine one. */
export function isWrongCandidate(code: ErrorCode): boolean {
  return [
    'signature_refused',
    'consumer_key_unknown',
    'store_not_found',
    'store_redirects',
    'store_reply_unreadable',
  ].includes(code);
}

/** Whether the call went out and ended without a status line: the store may have done what it was asked. */
export function isUnanswered(code: ErrorCode): boolean {
  return code === 'store_no_reply' || code === 'store_timeout';
}

/** Whether nobody at the store has looked at the call, so that another would fare no better. */
export function isUnavailable(code: ErrorCode): boolean {
  return (
    isUnanswered(code) ||
    [
      'request_not_portable',
      'store_address_forbidden',
      'store_unreachable',
      'store_tls_untrusted',
      'store_unavailable',
    ].includes(code)
  );
}
