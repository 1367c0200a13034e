import { portableOrigin } from './portable-origin.js';
import { portablePath } from './portable-path.js';
import { portableQuery } from './portable-query.js';
import { UnportableRequestError } from './unportable-request-error.js';
import { urlParts } from './url-parts.js';

/**
 * The URL as it must be sent, byte for byte, so that every generation of Magento signs the same: unchanged
 * where they agree, else an equivalent spelling. Throws UnportableRequestError where there is none. The names
 * in the query are judged by `checkPortableNames`, together with those of the body.
 */
export function portableUrl(url: string): string {
  // The white space that may stand inside a query is U+0020 alone, and only the caller knows whether one at
  // either end was meant.
  // eslint-disable-next-line no-control-regex -- refusing control characters is the point
  if (/^\s|\s$|[\x00-\x1f\x7f]/.test(url)) {
    throw new UnportableRequestError(
      'The URL holds a control character, or white space at an end.',
    );
  }
  const parts = urlParts(url);
  if (!parts) throw new UnportableRequestError('The URL is not an absolute http or https address.');
  const query = parts.query === undefined ? '' : `?${portableQuery(parts.query)}`;
  return portableOrigin(parts.scheme, parts.authority) + portablePath(parts.path) + query;
}
