import { type IncomingRequest, queryOf } from '../../calls/incoming-request.js';
import { rawUrlDecode } from '../../php-strings.js';

/** A parameter that a caller may have signed, decoded once, with where it stood. */
export interface Pair {
  readonly name: string;
  readonly value: string;
  readonly from: 'header' | 'query' | 'body';
}

/** What the Authorization header holds, `realm` and the signature included. */
export function headerPairs({ authorization }: IncomingRequest): readonly Pair[] {
  const start = authorization.toLowerCase().indexOf('oauth ');
  if (start < 0) return [];
  return authorization
    .slice(start + 'oauth '.length)
    .split(',')
    .filter((part) => part.includes('='))
    .map((part) => pairOf(part.trimStart(), 'header'))
    .map((pair) => ({ ...pair, value: pair.value.trimEnd().replace(/^"|"$/g, '') }));
}

/** Every pair of the query. A `+` is a plus. */
export function queryPairs({ target }: IncomingRequest): readonly Pair[] {
  return formPairs(queryOf(target), 'query');
}

/** Every pair of a form body. Here a `+` is a space. */
export function bodyPairs({ contentType, body }: IncomingRequest): readonly Pair[] {
  return contentType.startsWith('application/x-www-form-urlencoded')
    ? formPairs(body.replaceAll('+', ' '), 'body')
    : [];
}

function formPairs(text: string, from: Pair['from']): readonly Pair[] {
  return text
    .split('&')
    .filter(Boolean)
    .map((part) => pairOf(part, from));
}

function pairOf(part: string, from: Pair['from']): Pair {
  const [name = '', ...value] = part.split('=');
  return { name: rawUrlDecode(name), value: rawUrlDecode(value.join('=')), from };
}
