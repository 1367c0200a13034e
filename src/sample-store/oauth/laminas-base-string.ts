import type { IncomingRequest } from '../calls/incoming-request.js';
import { nestedArray, rawUrlEncode } from '../php-strings.js';
import { laminasPath } from './laminas-path.js';
import { naturallyOrdered } from './naturally-ordered.js';
import type { ProtocolParameters } from './protocol-parameters.js';
import { lowerCaseUrl, requestUri } from './request-uri.js';

/**
 * The signature base string of 2.4.6 and 2.4.7, by laminas-oauth: the path is decoded and encoded again.
 * `decodes` is passed on to `laminasPath`.
 *
 * @see docs/magento.md, "Base string: three generations"
 */
export function laminasBaseString(
  request: IncomingRequest,
  parameters: ProtocolParameters,
  decodes?: RegExp,
): string {
  const uri = requestUri(request);
  const numericPort = uri.port && String(Number(uri.port));
  return [
    request.method.toUpperCase(),
    rawUrlEncode(lowerCaseUrl({ ...uri, port: numericPort }, laminasPath(uri.path, decodes))),
    rawUrlEncode(naturallyOrdered(withArraysAsWords(parameters))),
  ].join('&');
}

/** A nested form field was seen to be refused, where other releases break: it is signed as no client signs it. */
function withArraysAsWords(parameters: ProtocolParameters): ProtocolParameters {
  return new Map(
    [...parameters].map(([name, value]) => [name, value === nestedArray ? 'Array' : value]),
  );
}
