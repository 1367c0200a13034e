import { type IncomingRequest, queryOf } from '../calls/incoming-request.js';
import type { nestedArray } from '../php-strings.js';
import { parseStr, rawUrlDecode, rawUrlEncode } from '../php-strings.js';
import type { ReleaseTraits } from '../releases.js';

/** Every parameter that takes part in the signature, by decoded name. */
export type ProtocolParameters = ReadonlyMap<string, string | typeof nestedArray>;

/**
 * Collects the parameters of a request. OAuth's own come from an Authorization header that contains `OAuth `
 * anywhere; without one the list is empty, whatever the body and the query say. (A header that has the word and
 * nothing readable lets the body supply them, as in Magento.)
 *
 * 2.4.8 hands the values around percent-encoded, so a nonce with reserved characters grows there.
 *
 * @throws TypeError where PHP would throw one: since 2.4.8, for a form body with nested names.
 * @see docs/magento.md, "Where parameters are read"
 */
export function protocolParameters(
  request: IncomingRequest,
  { baseString }: Pick<ReleaseTraits, 'baseString'>,
): ProtocolParameters {
  const start = request.authorization.toLowerCase().indexOf('oauth ');
  if (start < 0) return new Map();
  const header = headerParameters(request.authorization.slice(start + 'oauth '.length));
  const all = new Map([
    ...header,
    ...bodyParameters(request).filter(([name]) => header.length === 0 || !isProtocolName(name)),
    ...queryParameters(request.target),
  ]);
  return baseString === 'magento' ? new Map([...all].map(encoded)) : all;
}

/**
 * The value of a parameter of OAuth's own, which the checks have found to be there.
 *
 * @throws TypeError for an array, which only a body can supply.
 */
export function parameter(parameters: ProtocolParameters, name: string): string {
  const value = parameters.get(name) ?? '';
  if (typeof value !== 'string') throw new TypeError('strlen() of an array');
  return value;
}

type Parameter = [name: string, value: string | typeof nestedArray];

function encoded([name, value]: Parameter): Parameter {
  if (typeof value !== 'string') throw new TypeError('rawurlencode() of an array');
  return [name, rawUrlEncode(value)];
}

function headerParameters(header: string): Parameter[] {
  return header.split(',').flatMap((part): Parameter[] => {
    const [name = '', ...rest] = part.trim().split('=');
    if (rest.length === 0 || !isProtocolName(name)) return [];
    return [[rawUrlDecode(name), rawUrlDecode(rest.join('=').replace(/^"+|"+$/g, ''))]];
  });
}

function bodyParameters({ contentType, body }: IncomingRequest): Parameter[] {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return [];
  return [...parseStr(body)];
}

/** Pairs with more or less than one `=` are dropped, and so is whatever looks like a protocol parameter. */
function queryParameters(target: string): Parameter[] {
  return queryOf(target)
    .split('&')
    .flatMap((pair): Parameter[] => {
      const [name = '', value, ...rest] = pair.split('=');
      if (value === undefined || rest.length > 0 || isProtocolName(name)) return [];
      return [[rawUrlDecode(name), rawUrlDecode(value)]];
    });
}

/** Magento does not anchor this expression either. */
function isProtocolName(name: string): boolean {
  return /oauth_[a-z_-]+/.test(name);
}
