import { urlParts } from './url-parts.js';

const defaultPort: Record<string, string> = { http: ':80', https: ':443' };

/**
 * The URL without query and fragment, scheme and host in small letters, default port dropped, the path
 * byte for byte. Throws TypeError unless given an absolute URL.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.2
 */
export function baseStringUri(url: string): string {
  const parts = urlParts(url);
  if (!parts) throw new TypeError('not an absolute URL');
  const scheme = parts.scheme.toLowerCase();
  const authority = parts.authority.toLowerCase();
  const port = defaultPort[scheme] ?? '';
  const host = authority.endsWith(port)
    ? authority.slice(0, authority.length - port.length)
    : authority;
  return `${scheme}://${host}${parts.path || '/'}`;
}
