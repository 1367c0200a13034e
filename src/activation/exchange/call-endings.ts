import type { AppError } from '../../errors.js';

/** Whether the store refused who asked, before the verifier was touched: another POST may be the genuine one. */
export function isWrongCandidate({ code }: AppError): boolean {
  return [
    'signature_refused',
    'consumer_key_unknown',
    'store_not_found',
    'store_redirects',
    'store_reply_unreadable',
  ].includes(code);
}

/** Whether a call ended without a status line: what it did at the store is not known. */
export function isUnanswered({ code }: AppError): boolean {
  return code === 'store_no_reply' || code === 'store_timeout';
}

/** Whether nobody at the store has looked at the call, so that another would fare no better. */
export function isUnavailable(error: AppError): boolean {
  return (
    isUnanswered(error) ||
    [
      'request_not_portable',
      'store_address_forbidden',
      'store_busy',
      'store_unreachable',
      'store_tls_untrusted',
      'store_unavailable',
    ].includes(error.code)
  );
}
