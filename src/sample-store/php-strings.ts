/**
 * PHP's string functions as Magento's verifier uses them. PHP strings are bytes, so every string here is
 * "binary": one character per byte, as node:http hands over headers and request targets. That keeps bytes
 * that are no valid UTF-8 intact, and makes plain string comparison the byte order that signatures need.
 */

/** What `parseStr` puts where PHP would build a nested array: a signature never uses its content. */
export const nestedArray = Symbol('nested array');

/** Turns text into its UTF-8 bytes, one character per byte. */
export function toBinary(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Turns bytes, one character each, back into text. */
export function fromBinary(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * Percent-encodes all but the unreserved characters, as PHP's `rawurlencode`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.6
 */
export function rawUrlEncode(bytes: string): string {
  return bytes.replace(
    /[^A-Za-z0-9\-._~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** Decodes percent escapes and leaves `+` and broken escapes alone, as PHP's `rawurldecode`. */
export function rawUrlDecode(bytes: string): string {
  return bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Form-encodes UTF-8 text: as PHP's `urlencode`, space is `+`. */
export function formEncode(text: string): string {
  return rawUrlEncode(toBinary(text)).replaceAll('%20', '+').replaceAll('~', '%7E');
}

/**
 * Reads a query or form body as PHP's `parse_str`: `+` is a space, dots and spaces in a name become `_`,
 * brackets make arrays, a bracket that never closes becomes `_`, and the last of several values wins.
 */
export function parseStr(query: string): Map<string, string | typeof nestedArray> {
  const variables = new Map<string, string | typeof nestedArray>();
  for (const pair of query.split('&')) {
    const [encodedName = '', ...rest] = pair.split('=');
    const name = formDecode(encodedName).replace(/\0.*$/s, '');
    const [, start = '', index] = /^ *([^[]*)(?:\[(.*))?$/s.exec(name) ?? [];
    const variable = start.replace(/[ .]/g, '_');
    if (variable === '') continue;
    if (index?.includes(']')) variables.set(variable, nestedArray);
    else {
      const suffix = index === undefined ? '' : `_${index}`;
      variables.set(variable + suffix, formDecode(rest.join('=')));
    }
  }
  return variables;
}

/** Whether PHP makes an integer of this array key. */
export function isIntegerKey(name: string): boolean {
  return /^(?:0|-?[1-9]\d*)$/.test(name);
}

/** How PHP's `ksort` compares two names: by byte, but as numbers where both look like numbers. */
export function compareKeys(a: string, b: string): number {
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isNumeric(text: string): boolean {
  return /^[ \t\n\r\v\f]*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[ \t\n\r\v\f]*$/i.test(text);
}

function formDecode(bytes: string): string {
  return rawUrlDecode(bytes.replaceAll('+', ' '));
}
