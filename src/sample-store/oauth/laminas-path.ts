import { rawUrlDecode, rawUrlEncode } from '../php-strings.js';

/** What laminas-uri decodes in a path. */
const decoded = /[A-Za-z0-9_\-.~:@&=+$,/;%]/;

/**
 * A path as laminas-uri writes it anew: dot segments are resolved, escapes of harmless characters become raw
 * (`%2F` is a slash from then on), what may not stand there raw becomes an escape, and escapes have capitals.
 *
 * `decodes` says which escapes become raw; some shops run a patched laminas-uri that decodes less.
 */
export function laminasPath(path: string, decodes: RegExp = decoded): string {
  return withoutDotSegments(path || '/')
    .replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
      const character = rawUrlDecode(escape);
      return decodes.test(character) ? character : escape.toUpperCase();
    })
    .replace(/[^A-Za-z0-9_\-.~)(:@&=+$,/;%]+|%(?![0-9A-Fa-f]{2})/g, rawUrlEncode);
}

/**
 * Laminas's reading of RFC 3986: unlike there, a dot segment at the very end leaves no slash in its place, and
 * a lone `0` ends the work, since it is false in PHP.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
 */
function withoutDotSegments(path: string): string {
  let rest = path;
  let output = '';
  while (!['', '0', '.', '..'].includes(rest)) {
    if (rest === '/.') rest = '/';
    else if (rest === '/..' || rest.startsWith('/../')) {
      rest = `/${rest.slice(4)}`;
      output = output.replace(/\/[^/]*$/, '');
    } else if (/^(?:\/\.|\.\.?)\//.test(rest)) {
      rest = rest.slice(rest.startsWith('../') ? 3 : 2);
    } else {
      const segment = /^.[^/]*/s.exec(rest)?.[0] ?? '';
      output += segment;
      rest = rest.slice(segment.length);
    }
  }
  return output;
}
