import type { IncomingRequest } from '../calls/incoming-request.js';
import { PhpException } from '../calls/php-exception.js';
import { rawUrlEncode } from '../php-strings.js';
import { naturallyOrdered } from './naturally-ordered.js';
import type { ProtocolParameters } from './protocol-parameters.js';
import { lowerCaseUrl, requestUri } from './request-uri.js';

const path = /^(?:%[0-9a-f]{2}|[\w\-.!~*'()[\]:@&=+$,;/])*$/i;
const query = /^(?:%[0-9a-f]{2}|[\w\-.!~*'()[\];/?:@&=+$,])*$/i;

/**
 * The signature base string up to 2.4.5, by Zend Framework 1: the path as it was sent.
 *
 * @throws PhpException for an address with raw characters that belong escaped.
 * @see docs/magento.md, "Base string: three generations"
 */
export function zendBaseString(request: IncomingRequest, parameters: ProtocolParameters): string {
  const uri = requestUri(request);
  if (!path.test(uri.path) || !query.test(uri.query)) {
    throw new PhpException('Invalid URI supplied');
  }
  return [
    request.method.toUpperCase(),
    rawUrlEncode(lowerCaseUrl(uri, uri.path)),
    rawUrlEncode(naturallyOrdered(parameters)),
  ].join('&');
}
