import { isIntegerKey, rawUrlEncode } from '../php-strings.js';
import { compareNaturally } from './natural-order.js';
import type { ProtocolParameters } from './protocol-parameters.js';
import { refusal } from './refusals.js';

/**
 * The parameters as Zend Framework 1 and laminas-oauth put them into a base string: in the natural order of
 * their encoded names.
 *
 * @throws TypeError for an array, of which PHP makes no text.
 * @throws MagentoError for a name that is a number. These releases were seen to refuse such requests, though
 *   not by what; so there is no signature that would do.
 */
export function naturallyOrdered(parameters: ProtocolParameters): string {
  return [...parameters]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]) => {
      if (isIntegerKey(name)) throw refusal('signatureInvalid');
      if (typeof value !== 'string') throw new TypeError('rawurlencode() of an array');
      return [rawUrlEncode(name), rawUrlEncode(value)] as const;
    })
    .sort(([a], [b]) => compareNaturally(a, b))
    .map((pair) => pair.join('='))
    .join('&');
}
