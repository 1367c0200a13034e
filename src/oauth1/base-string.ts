import { baseStringUri } from './base-string-uri.js';
import type { Parameter } from './form-parameters.js';
import { percentEncode } from './percent-encode.js';

/**
 * The text that is signed. `parameters` is the whole list: query, form body and `oauth_*`, decoded, without
 * `oauth_signature` and `realm`; duplicates are kept. The query of `url` is not read again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.1
 */
export function baseString(method: string, url: string, parameters: readonly Parameter[]): string {
  return [method.toUpperCase(), baseStringUri(url), normalizedParameters(parameters)]
    .map(percentEncode)
    .join('&');
}

/**
 * Encodes each name and value, sorts by encoded name and then by encoded value, joins with `=` and `&`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.3.2
 */
export function normalizedParameters(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]): Parameter => [percentEncode(name), percentEncode(value)])
    .sort((a, b) => compareAscii(a[0], b[0]) || compareAscii(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compareAscii(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
