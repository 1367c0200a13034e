import { PhpException } from '../calls/php-exception.js';
import { type IncomingRequest, queryOf } from '../calls/incoming-request.js';

/** The address of a request in the parts that base strings are made of. */
export interface RequestUri {
  readonly scheme: 'http' | 'https';
  /** As it was sent. */
  readonly host: string;
  /** The digits as they were sent; empty where there were none. */
  readonly port: string;
  readonly path: string;
  readonly query: string;
}

/**
 * Reads the address that Magento puts together of scheme, Host header and request target.
 *
 * @throws PhpException for a host that PHP's URI classes do not take: one with an underscore, for example.
 */
export function requestUri({ scheme, host: header, target }: IncomingRequest): RequestUri {
  const [, host = header, port = ''] = /^(.*):(\d{1,5})$/.exec(header) ?? [];
  const isName = /^(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}\.?$/i.test(host);
  if (!isName && !/^\[[0-9a-f:.]+\]$/i.test(host)) throw new PhpException('Invalid URI supplied');
  return { scheme, host, port, path: target.replace(/\?.*$/s, ''), query: queryOf(target) };
}

/** The address without its query, as releases up to 2.4.7 write it: host in small letters, no default port. */
export function lowerCaseUrl({ scheme, host, port }: RequestUri, path: string): string {
  const isDefault = Number(port) === { http: 80, https: 443 }[scheme];
  return `${scheme}://${host.toLowerCase()}${port === '' || isDefault ? '' : `:${port}`}${path}`;
}
