import type { IncomingRequest } from '../calls/incoming-request.js';
import {
  compareKeys,
  isIntegerKey,
  nestedArray,
  parseStr,
  rawUrlDecode,
  rawUrlEncode,
} from '../php-strings.js';
import type { ProtocolParameters } from './protocol-parameters.js';
import { requestUri, type RequestUri } from './request-uri.js';

/** The values that go into the string as they are handed around. */
const keptEncoded = ['oauth_consumer_key', 'oauth_token'];

/**
 * The signature base string since 2.4.8, by Magento itself: RFC 5849 with host, port and path as they were sent,
 * the query read a second time through `parse_str`, and parameters in the order of their decoded names.
 *
 * @throws TypeError for a parameter whose name is a whole number: PHP makes it an integer key, and fails.
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1
 * @see docs/magento.md, "Base string: three generations"
 */
export function magentoBaseString(
  request: IncomingRequest,
  parameters: ProtocolParameters,
): string {
  const uri = requestUri(request);
  const port = uri.port && `:${Number(uri.port)}`;
  return [
    request.method.toUpperCase(),
    rawUrlEncode(`${uri.scheme}://${uri.host}${port}${uri.path}`),
    rawUrlEncode(ordered(signedParameters(uri, parameters))),
  ].join('&');
}

function signedParameters(
  { query }: RequestUri,
  parameters: ProtocolParameters,
): ProtocolParameters {
  const merged = new Map<string, string | typeof nestedArray>(
    [...parameters].map(([name, value]) => [
      name,
      value === nestedArray || keptEncoded.includes(name) ? value : rawUrlDecode(value),
    ]),
  );
  for (const [name, value] of parseStr(query)) merged.set(name, value);
  merged.delete('oauth_signature');
  return merged;
}

/** Arrays have no place in the string: their flat spelling (`a[b]`) already stands for them. */
function ordered(parameters: ProtocolParameters): string {
  if ([...parameters.keys()].some(isIntegerKey))
    throw new TypeError('str_contains() of an integer');
  return [...parameters]
    .sort(([a], [b]) => compareKeys(a, b))
    .flatMap(([name, value]) =>
      value === nestedArray ? [] : [`${rawUrlEncode(name)}=${rawUrlEncode(value)}`],
    )
    .join('&');
}
