import { type IncomingRequest, queryOf } from '../calls/incoming-request.js';
import { nestedArray, parseStr, rawUrlDecode, rawUrlEncode } from '../php-strings.js';

/**
 * Every parameter that takes part in the signature, by decoded name. The values are percent-encoded: that is
 * how 2.4.8 hands them around, so a nonce with reserved characters grows.
 */
export type ProtocolParameters = ReadonlyMap<string, string>;

/**
 * Collects the parameters of a request. OAuth's own come from an Authorization header that contains `OAuth `
 * anywhere; without one the list is empty, whatever the body and the query say. (A header that has the word and
 * nothing readable lets the body supply them, as in Magento.)
 *
 * @throws TypeError where PHP would throw one: a form body with nested names.
 * @see docs/magento.md, "Where parameters are read"
 */
export function protocolParameters(request: IncomingRequest): ProtocolParameters {
  const start = request.authorization.toLowerCase().indexOf('oauth ');
  if (start < 0) return new Map();
  const header = headerParameters(request.authorization.slice(start + 'oauth '.length));
  const all = [
    ...header,
    ...bodyParameters(request).filter(([name]) => header.length === 0 || !isProtocolName(name)),
    ...queryParameters(request.target),
  ];
  return new Map(all.map(([name, value]) => [name, rawUrlEncode(value)]));
}

function headerParameters(header: string): [string, string][] {
  return header.split(',').flatMap((part): [string, string][] => {
    const [name = '', ...rest] = part.trim().split('=');
    if (rest.length === 0 || !isProtocolName(name)) return [];
    return [[rawUrlDecode(name), rawUrlDecode(rest.join('=').replace(/^"+|"+$/g, ''))]];
  });
}

function bodyParameters({ contentType, body }: IncomingRequest): [string, string][] {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return [];
  return [...parseStr(body)].map(([name, value]) => {
    if (value === nestedArray) throw new TypeError('rawurlencode() of an array');
    return [name, value];
  });
}

/** Pairs with more or less than one `=` are dropped, and so is whatever looks like a protocol parameter. */
function queryParameters(target: string): [string, string][] {
  return queryOf(target)
    .split('&')
    .flatMap((pair): [string, string][] => {
      const [name = '', value, ...rest] = pair.split('=');
      if (value === undefined || rest.length > 0 || isProtocolName(name)) return [];
      return [[rawUrlDecode(name), rawUrlDecode(value)]];
    });
}

/** Magento does not anchor this expression either. */
function isProtocolName(name: string): boolean {
  return /oauth_[a-z_-]+/.test(name);
}
