import { createHmac } from 'node:crypto';
import { type IncomingRequest, queryOf } from '../calls/incoming-request.js';
import { nestedArray, parseStr, rawUrlDecode, rawUrlEncode, toBinary } from '../php-strings.js';
import type { ProtocolParameters } from './protocol-parameters.js';

/**
 * The signature base string as Magento 2.4.8 builds it: RFC 5849 with host, port and path as they were sent,
 * the query read a second time through `parse_str`, and parameters in the order of their decoded names.
 *
 * @throws TypeError for a parameter whose name is a whole number: PHP makes it an integer key, and fails.
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1
 * @see docs/magento.md, "Base string: three generations"
 */
export function baseString(request: IncomingRequest, parameters: ProtocolParameters): string {
  const path = request.target.split('?', 1).join('');
  return [
    request.method.toUpperCase(),
    rawUrlEncode(`${request.scheme}://${request.host}${path}`),
    rawUrlEncode(normalized(signedParameters(request, parameters))),
  ].join('&');
}

/** The HMAC-SHA256 signature in base64; the token secret is empty where there is no token yet. */
export function signatureOf(base: string, consumerSecret: string, tokenSecret: string): string {
  const key = [consumerSecret, tokenSecret].map((secret) => rawUrlEncode(toBinary(secret)));
  return createHmac('sha256', key.join('&')).update(base, 'latin1').digest('base64');
}

function signedParameters(
  request: IncomingRequest,
  parameters: ProtocolParameters,
): Map<string, string | typeof nestedArray> {
  const merged = new Map<string, string | typeof nestedArray>();
  for (const [name, value] of parameters) merged.set(name, rawUrlDecode(value));
  for (const [name, value] of parseStr(queryOf(request.target))) merged.set(name, value);
  merged.delete('oauth_signature');
  return merged;
}

/** Arrays have no place in the string: their flat spelling (`a[b]`) already stands for them. */
function normalized(parameters: Map<string, string | typeof nestedArray>): string {
  return [...parameters]
    .map(([name, value]) => {
      if (/^(0|-?[1-9]\d*)$/.test(name)) throw new TypeError('str_contains() of an integer');
      return [name, value] as const;
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) =>
      value === nestedArray ? [] : [`${rawUrlEncode(name)}=${rawUrlEncode(value)}`],
    )
    .join('&');
}
