import { createHmac } from 'node:crypto';
import { type Call, type Credentials, parametersFor, type Reply, send } from './third-party.js';

/** A request with everything that a client by the book signs. */
export interface RfcRequest {
  readonly method: string;
  readonly url: string;
  readonly contentType?: string;
  readonly body?: string;
}

/**
 * The base string of RFC 5849 to the letter, as a client signs that knows nothing of Magento.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1
 */
export function rfcBaseString(
  { method, url, contentType = '', body = '' }: RfcRequest,
  oauthParameters: Readonly<Record<string, string>>,
): string {
  const [, origin = '', path = '', query = ''] =
    /^(https?:\/\/[^/?]*)([^?]*)\??(.*)$/.exec(url) ?? [];
  const form = contentType.startsWith('application/x-www-form-urlencoded') ? body : '';
  const pairs = [
    ...[query, form].flatMap((text) => text.split('&').filter(Boolean)).map(reencoded),
    ...Object.entries(oauthParameters).map((pair) => pair.map(encode)),
  ];
  const sorted = pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  const parts = [new URL(origin).origin + path, sorted.map((pair) => pair.join('=')).join('&')];
  return [method, ...parts.map(encode)].join('&');
}

/** Signs a call by the book, with one of the HMAC methods, and sends it. */
export function sendByTheBook(
  call: Call,
  signer: Credentials,
  at: Date,
  method: 'HMAC-SHA1' | 'HMAC-SHA256' = 'HMAC-SHA256',
): Promise<Reply> {
  const parameters = { ...parametersFor(signer, at), oauth_signature_method: method };
  const host = call.headers?.['Host'] ?? new URL(call.storeUrl).host;
  const scheme = call.headers?.['X-Forwarded-Proto'] ?? 'http';
  const request = {
    method: call.method ?? 'POST',
    url: `${scheme}://${host}${call.target}`,
    contentType: call.headers?.['Content-Type'] ?? '',
    body: call.body ?? '',
  };
  const key = `${encode(signer.consumerSecret)}&${encode(signer.tokenSecret ?? '')}`;
  const signature = createHmac(method.replace('HMAC-', ''), key)
    .update(rfcBaseString(request, parameters))
    .digest('base64');
  const header = Object.entries({ ...parameters, oauth_signature: signature });
  const Authorization = `OAuth ${header.map(([name, value]) => `${name}="${encode(value)}"`).join()}`;
  return send({ ...call, headers: { ...call.headers, Authorization } });
}

function reencoded(pair: string): string[] {
  const [name = '', ...value] = pair.split('=');
  return [name, value.join('=')].map((text) =>
    encode(decodeURIComponent(text.replaceAll('+', ' '))),
  );
}

function compare(a = '', b = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
