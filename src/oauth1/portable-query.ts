import { percentEncode } from './percent-encode.js';
import { UnportableRequestError } from './unportable-request-error.js';

/** What releases up to 2.4.5 refuse to see raw in a query. */
const unwise = /[^!-~]|["<>\\^`{|}]/gu;

/**
 * The query (without its `?`) spelled so that every release reads the same names and values: releases up to
 * 2.4.7 skip pairs that have no `=` or several, and take `+` for a plus. Names and values stay what they were.
 */
export function portableQuery(query: string): string {
  const respelled = query.split('&').map(portablePair).join('&').replace(unwise, percentEncode);
  if (/%(?![0-9A-Fa-f]{2})/.test(respelled)) {
    throw new UnportableRequestError(
      'The query holds a % that is not followed by two hexadecimal digits.',
    );
  }
  if (!isUtf8(respelled)) {
    throw new UnportableRequestError('The query holds percent escapes that are not UTF-8.');
  }
  return respelled;
}

function portablePair(pair: string): string {
  if (pair === '') return pair;
  const [name = '', ...rest] = pair.replaceAll('+', '%20').split('=');
  return `${name}=${rest.join('%3D')}`;
}

function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}
