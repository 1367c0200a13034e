import { percentEncode } from './percent-encode.js';
import type { NonceAndTimestamp, OAuthCredentials, RequestToSign } from './request-to-sign.js';
import { UnportableRequestError } from './unportable-request-error.js';

/** Throws UnportableRequestError for a value that no release, or not every release, takes whatever the URL. */
export function checkPortableCredentials(
  request: RequestToSign,
  credentials: OAuthCredentials,
  once: NonceAndTimestamp,
): void {
  for (const [field, value] of Object.entries({ ...request, ...credentials, ...once })) {
    if (/\p{Surrogate}/u.test(String(value))) {
      throw new UnportableRequestError(
        `The ${field} holds half a surrogate pair, which has no UTF-8 form.`,
      );
    }
  }
  if (!/^[A-Za-z]+$/.test(request.method)) {
    throw new UnportableRequestError('The method must be a word, such as GET.');
  }
  if (!/^0*[1-9]\d*$/.test(String(once.timestamp))) {
    throw new UnportableRequestError('The timestamp must be a positive whole number of seconds.');
  }
  checkNotEncodedTwice('consumerKey', credentials.consumerKey);
  checkNotEncodedTwice('token', credentials.token ?? '');
}

/** From 2.4.8 on these two are encoded once more than RFC 5849 says. Magento's own are `[0-9a-z]`. */
function checkNotEncodedTwice(field: string, value: string): void {
  if (percentEncode(value) !== value) {
    throw new UnportableRequestError(
      `The ${field} may hold only letters, digits and - . _ ~, since Magento 2.4.8 and later encode it twice.`,
    );
  }
}
