import { authorizationHeader } from './authorization-header.js';
import { baseString } from './base-string.js';
import { checkPortableCredentials } from './portable-credentials.js';
import { portableForm } from './portable-form.js';
import { formParameters, type Parameter } from './form-parameters.js';
import { checkPortableNames } from './portable-names.js';
import { portableUrl } from './portable-url.js';
import type { NonceAndTimestamp, OAuthCredentials, RequestToSign } from './request-to-sign.js';
import { signature } from './signature.js';
import { urlParts } from './url-parts.js';

/** `authorization` is the header's value; `url` is what must be sent, byte for byte; `signature` is base64. */
export interface SignedRequest {
  readonly authorization: string;
  readonly baseString: string;
  readonly signature: string;
  readonly url: string;
}

/**
 * Signs a request with HMAC-SHA256 so that every release of Magento 2 accepts it. Throws
 * UnportableRequestError, whose message names the reason, where some release would refuse it however spelled.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3
 */
export function signRequest(
  request: RequestToSign,
  credentials: OAuthCredentials,
  once: NonceAndTimestamp,
): SignedRequest {
  checkPortableCredentials(request, credentials, once);
  const method = request.method.toUpperCase();
  const url = portableUrl(request.url);
  const query = formParameters(urlParts(url)?.query ?? '');
  const form = portableForm(request);
  const oauth = oauthParameters(credentials, once);
  checkPortableNames({ query: names(query), form: names(form), oauth: names(oauth) });

  const parameters = [...query, ...form, ...oauth];
  const signed = signature(method, url, parameters, credentials);
  return {
    authorization: authorizationHeader([...oauth, ['oauth_signature', signed]]),
    baseString: baseString(method, url, parameters),
    signature: signed,
    url,
  };
}

function oauthParameters(
  { consumerKey, token, verifier }: OAuthCredentials,
  { nonce, timestamp }: NonceAndTimestamp,
): Parameter[] {
  return [
    ['oauth_consumer_key', consumerKey],
    ...(token ? [['oauth_token', token] as const] : []),
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', String(timestamp)],
    ['oauth_nonce', nonce],
    ...(verifier ? [['oauth_verifier', verifier] as const] : []),
    ['oauth_version', '1.0'],
  ];
}

function names(parameters: readonly Parameter[]): string[] {
  return parameters.map(([name]) => name);
}
