import type { ReleaseTraits } from '../releases.js';

/**
 * The headers by which the HTTP client of a release is known, beside those of the form itself. That Zend's sends
 * the same as the latest but for its name is an assumption.
 *
 * @see docs/magento.md, "The HTTP client behind it"
 */
export function httpClientHeaders(
  httpClient: ReleaseTraits['httpClient'],
  url: URL,
): Readonly<Record<string, string>> {
  switch (httpClient) {
    case 'zend':
      return { 'User-Agent': 'Magento\\Framework\\HTTP\\ZendClient', ...closing };
    case 'laminas-nameless':
      return { 'User-Agent': laminas, Accept: '*/*', ...valueWithoutName(url) };
    case 'laminas':
      return { 'User-Agent': laminas, ...closing };
  }
}

const laminas = 'Laminas\\Http\\Client';
const closing = { 'Accept-Encoding': 'gzip, deflate', Connection: 'close' };

/**
 * What becomes of the Host header when its name is lost: the value is sent as a line of its own, and where it has
 * a port that reads like a header named after the host. curl drops a line without a colon. An IPv6 address is
 * left out, too, as its brackets make no name that an HTTP server would let pass.
 */
function valueWithoutName({ hostname, port }: URL): Readonly<Record<string, string>> {
  return port === '' || hostname.startsWith('[') ? {} : { [hostname]: port };
}
