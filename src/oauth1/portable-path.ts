import { percentEncode } from './percent-encode.js';
import { UnportableRequestError } from './unportable-request-error.js';

/** What 2.4.6 and 2.4.7 leave as it is when it is written raw, apart from the unreserved characters. */
const keptRaw = /[/()+:@&=$,;]/;
/** Of these, what they decode when it is written as an escape. (They never decode `%28` and `%29`.) */
const decoded = /[A-Za-z0-9\-._~:@&=$,;]/;

/**
 * The path in the one spelling that is a fixed point of the way 2.4.6 and 2.4.7 decode and re-encode paths;
 * all other releases take the path as it was sent. Throws UnportableRequestError where no spelling of the
 * same path is a fixed point.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function portablePath(path: string): string {
  const respelled = path.replace(/%(.{0,2})|[^%]/gsu, (text, hex: string | undefined) =>
    hex === undefined ? portableCharacter(text) : portableEscape(text, hex),
  );
  if (/%25[0-9A-Fa-f]{2}/.test(respelled)) {
    throw new UnportableRequestError(
      'The path holds %25 before two hexadecimal digits, which Magento 2.4.6 and 2.4.7 decode twice.',
    );
  }
  if (/\/\.{1,2}(?:\/|$)/.test(respelled)) {
    throw new UnportableRequestError('The path holds a segment "." or "..".');
  }
  return respelled || '/';
}

function portableCharacter(char: string): string {
  return keptRaw.test(char) ? char : percentEncode(char);
}

function portableEscape(escape: string, hex: string): string {
  if (!/^[0-9A-Fa-f]{2}$/.test(hex)) {
    throw new UnportableRequestError(
      'The path holds a % that is not followed by two hexadecimal digits.',
    );
  }
  const char = String.fromCharCode(Number.parseInt(hex, 16));
  if (char === '/' || char === '+') {
    throw new UnportableRequestError(
      `The path holds ${escape.toUpperCase()}, which Magento 2.4.6 and 2.4.7 sign as "${char}".`,
    );
  }
  return decoded.test(char) ? char : escape.toUpperCase();
}
