import { createHmac } from 'node:crypto';

/**
 * Magento's own reading and signing of a request, function by function as its PHP does it, for the property
 * test. It shares no code with `src/oauth1`. Strings are PHP's: one character is one byte.
 */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  /** What the Authorization header says, decoded, without the signature. */
  readonly oauthParams: Readonly<Record<string, string>>;
  readonly consumerSecret: string;
  readonly tokenSecret: string;
}

export const generations = {
  'up to 2.4.5': zendFramework1,
  '2.4.6-2.4.7': (request: ReceivedRequest) => laminas(request, laminasDecodes),
  between: (request: ReceivedRequest) => laminas(request, unreserved),
  '2.4.8+': ownHmac,
} as const;

/** The signature, or a word for the way in which Magento fails before it has one. */
export type Outcome = string;

type Key = string | number;
type Value = string | typeof array;
/** Stands for any nested array: none of them gets into a signature whole. */
const array = Symbol('array');
type PhpArray = Map<Key, Value>;

class PhpError extends Error {}

const unreserved = /[a-zA-Z0-9_\-.~]/;
const laminasDecodes = /[a-zA-Z0-9_\-.~:@&=+$,/;%]/;

function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function rawurlencode(text: string): string {
  return text.replace(
    /[^A-Za-z0-9\-._~]/gs,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function rawurldecode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function urldecode(text: string): string {
  return rawurldecode(text.replaceAll('+', ' '));
}

function phpKey(name: string): Key {
  return /^(?:0|-?[1-9]\d{0,17})$/.test(name) ? Number(name) : name;
}

/** `parse_str`, as deep as the first level: php_register_variable_ex. */
export function parseStr(text: string): PhpArray {
  const variables: PhpArray = new Map();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const rawName = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? '' : urldecode(pair.slice(equals + 1));
    register(variables, urldecode(rawName), value);
  }
  return variables;
}

function register(variables: PhpArray, decodedName: string, value: string): void {
  let name = decodedName.replace(/\0.*$/s, '');
  while (name.startsWith(' ')) name = name.slice(1);
  let base = '';
  let at = 0;
  for (const char of name) {
    if (char === '[') break;
    base += char === ' ' || char === '.' ? '_' : char;
    at++;
  }
  if (base === '') return;
  if (at === name.length) {
    variables.set(phpKey(base), value);
  } else if (name.includes(']', at)) {
    variables.set(phpKey(base), array);
  } else {
    variables.set(phpKey(`${base}_${name.slice(at + 1)}`), value);
  }
}

/** `Oauth/Helper/Request.php::_processRequest`, the same in every release. */
function processRequest(request: ReceivedRequest, query: string): PhpArray {
  const params: PhpArray = new Map(
    Object.entries(request.oauthParams).map(([name, value]) => [phpKey(bytes(name)), bytes(value)]),
  );
  // Web servers take the white space around a header's value away.
  if (request.contentType?.trim().startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of parseStr(bytes(request.body ?? ''))) {
      if (!isProtocolParameter(String(name))) params.set(name, value);
    }
  }
  for (const pair of query.split('&')) {
    const parts = pair.split('=');
    const [name = '', value = ''] = parts;
    if (parts.length === 2 && !isProtocolParameter(name)) {
      params.set(phpKey(rawurldecode(name)), rawurldecode(value));
    }
  }
  return params;
}

function isProtocolParameter(name: string): boolean {
  return /oauth_[a-z_-]+/.test(name);
}

function zendFramework1(request: ReceivedRequest): Outcome {
  return outcome(() => {
    const url = bytes(request.url);
    const found = /^(https?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i.exec(url);
    if (!found) throw new PhpError('Invalid URI supplied');
    const [, scheme = '', authority = '', path = '', query = ''] = found;
    const [, host = '', port = ''] = /^((?:\[[^\]]+\]|[^:@]+))(?::(.*))?$/.exec(authority) ?? [];
    checkHost(host);
    if (!/^(?:\/(?:%[0-9a-f]{2}|[A-Za-z0-9\-_.!~*'()[\]:@&=+$,;])*)*$/i.test(path)) {
      throw new PhpError('Invalid URI supplied');
    }
    if (!/^(?:%[0-9a-f]{2}|[A-Za-z0-9\-_.!~*'()[\];/?:@&=+$,])*$/i.test(query)) {
      throw new PhpError('Invalid URI supplied');
    }
    const shownPort = port === '' || isDefaultPort(scheme, port) ? '' : `:${port}`;
    const base = `${scheme.toLowerCase()}://${host.toLowerCase()}${shownPort}${path}`;
    return naturallySigned(request, base, processRequest(request, query));
  });
}

function laminas(request: ReceivedRequest, decodes: RegExp): Outcome {
  return outcome(() => {
    const { scheme, host, port, path, query } = laminasUri(bytes(request.url));
    const shownPort = port === undefined || isDefaultPort(scheme, port) ? '' : `:${Number(port)}`;
    const base = `${scheme.toLowerCase()}://${host.toLowerCase()}${shownPort}${encodePath(
      decodeUrlEncodedChars(removePathDotSegments(path), decodes),
    )}`;
    return naturallySigned(request, base, processRequest(request, query));
  });
}

/** `Laminas\Uri\Http::parse`, which every release since 2.4.6 uses to find the query. */
function laminasUri(url: string) {
  const found = /^([A-Za-z][A-Za-z0-9.+-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(url);
  if (!found) throw new PhpError('not a URI');
  const [, scheme = '', authority = '', path = '', query = ''] = found;
  if (!['http', 'https'].includes(scheme.toLowerCase())) throw new PhpError('scheme');
  if (authority.includes('@')) throw new PhpError('never in a Host header');
  const port = /:(\d{1,5})$/.exec(authority)?.[1];
  const host = port === undefined ? authority : authority.slice(0, -port.length - 1);
  checkHost(host);
  return { scheme, host, port, path: path || '/', query };
}

function checkHost(host: string): void {
  const local = /^(([a-zA-Z0-9-]{1,63}\.)*[a-zA-Z0-9-]{1,63}\.?){1,254}$/;
  if (!local.test(host) && !/^\[[0-9a-f:.]+\]$/i.test(host)) throw new PhpError('host');
}

function isDefaultPort(scheme: string, port: string): boolean {
  return Number(port) === { http: 80, https: 443 }[scheme.toLowerCase()];
}

/** Laminas's adaptation of RFC 3986, 5.2.4. */
function removePathDotSegments(input: string): string {
  let path = input;
  let output = '';
  while (path !== '' && path !== '0') {
    if (path === '..' || path === '.') break;
    if (path === '/.') path = '/';
    else if (path === '/..' || path.startsWith('/../')) {
      path = `/${path.slice(4)}`;
      const last = output.lastIndexOf('/');
      if (last >= 0) output = output.slice(0, last);
    } else if (path.startsWith('/./')) path = path.slice(2);
    else if (path.startsWith('./')) path = path.slice(2);
    else if (path.startsWith('../')) path = path.slice(3);
    else {
      const slash = path.indexOf('/', 1);
      const segment = slash < 0 ? path : path.slice(0, slash);
      output += segment;
      path = path.slice(segment.length);
    }
  }
  return output;
}

function decodeUrlEncodedChars(path: string, decodes: RegExp): string {
  return path.replace(/%[A-Fa-f0-9]{2}/g, (escape) => {
    const char = rawurldecode(escape);
    return decodes.test(char) ? char : escape.toUpperCase();
  });
}

function encodePath(path: string): string {
  return path.replace(/(?:[^a-zA-Z0-9_\-.~)(:@&=+$,/;%]+|%(?![A-Fa-f0-9]{2}))/gs, rawurlencode);
}

/** `getBaseSignatureString` of ZF1 and of laminas-oauth. */
function naturallySigned(request: ReceivedRequest, base: string, params: PhpArray): Outcome {
  const encoded = [...params].map(([name, value]) => {
    if (value === array) throw new PhpError('TypeError: an array is not a string');
    return [rawurlencode(String(name)), rawurlencode(value)] as const;
  });
  const sorted = encoded.sort((a, b) => strnatcmp(a[0], b[0]));
  return hmac(request, base, sorted);
}

function ownHmac(request: ReceivedRequest): Outcome {
  return outcome(() => {
    const url = bytes(request.url);
    const encodedOnce = [...processRequest(request, laminasUri(url).query)].map(([name, value]) => {
      if (value === array) throw new PhpError('TypeError: an array is not a string');
      return [name, rawurlencode(value)] as const;
    });
    const keptEncoded: Key[] = ['oauth_consumer_key', 'oauth_token'];
    const params: PhpArray = new Map(
      encodedOnce.map(([name, value]) => [
        name,
        keptEncoded.includes(name) ? value : urldecode(value),
      ]),
    );
    const { base, query } = parseUrl(url);
    // array_merge, numbers aside: with them the next step fails anyway.
    for (const [name, value] of parseStr(query)) params.set(name, value);
    for (const name of [...params.keys()]) {
      if (typeof name === 'number') throw new PhpError('TypeError: str_contains wants a string');
      if (!name.includes('[') || !name.includes(']')) continue;
      const baseName = phpKey(name.slice(0, name.indexOf('[')));
      if (params.get(baseName) === array) params.delete(baseName);
    }
    const sorted = [...params].sort(([a], [b]) => ksortCompare(String(a), String(b)));
    const shown = sorted
      .filter(([name, value]) => value !== array || String(name).includes('['))
      .map(([name, value]): [string, string] => [
        rawurlencode(String(name)),
        rawurlencode(value === array ? 'Array' : value),
      ]);
    return hmac(request, base, shown);
  });
}

/** PHP's `parse_url`, put together again as `buildRequestUrl` does. */
function parseUrl(url: string) {
  const found = /^([A-Za-z0-9+.-]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(url);
  if (!found) throw new PhpError('parse_url');
  const [, scheme = '', authority = '', path = '', query = ''] = found;
  const colon = authority.endsWith(']') ? -1 : authority.lastIndexOf(':');
  const host = colon < 0 ? authority : authority.slice(0, colon);
  const digits = colon < 0 ? '' : authority.slice(colon + 1);
  if (!/^\d{0,5}$/.test(digits) || Number(digits) > 65535) throw new PhpError('parse_url');
  const port = digits === '' ? '' : `:${Number(digits)}`;
  return { base: `${scheme}://${host}${port}${path}`, query };
}

function hmac(
  { method, consumerSecret, tokenSecret }: ReceivedRequest,
  base: string,
  params: readonly (readonly [string, string])[],
): Outcome {
  const pairs = params.map(([name, value]) => `${name}=${value}`).join('&');
  const text = `${method.toUpperCase()}&${rawurlencode(base)}&${rawurlencode(pairs)}`;
  const key = `${rawurlencode(bytes(consumerSecret))}&${rawurlencode(bytes(tokenSecret))}`;
  return createHmac('sha256', key).update(text).digest('base64');
}

function outcome(sign: () => string): Outcome {
  try {
    return sign();
  } catch (error) {
    if (error instanceof PhpError) return `fails: ${error.message}`;
    throw error;
  }
}

/** `ksort`'s comparison of two string keys: zendi_smart_strcmp. */
export function ksortCompare(a: string, b: string): number {
  const numeric = /^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\v\f]*$/;
  if (numeric.test(a) && numeric.test(b)) return Number(a) - Number(b);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** PHP's `strnatcmp`, pointer by pointer. */
export function strnatcmp(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return a.length - b.length;
  const isDigit = (char: string | undefined) => char !== undefined && /^\d$/.test(char);
  let i = 0;
  let j = 0;
  while (a[i] === '0' && isDigit(a[i + 1])) i++;
  while (b[j] === '0' && isDigit(b[j + 1])) j++;
  for (;;) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      const fractional = a[i] === '0' || b[j] === '0';
      let bias = 0;
      for (; isDigit(a[i]) || isDigit(b[j]); i++, j++) {
        if (!isDigit(a[i])) return -1;
        if (!isDigit(b[j])) return 1;
        const order = a[i]! < b[j]! ? -1 : Number(a[i]! > b[j]!);
        if (fractional && order !== 0) return order;
        bias ||= order;
      }
      if (bias !== 0) return bias;
      if (i === a.length && j === b.length) return 0;
      if (i === a.length) return -1;
      if (j === b.length) return 1;
    }
    if (a[i]! < b[j]!) return -1;
    if (a[i]! > b[j]!) return 1;
    i++;
    j++;
    if (i >= a.length && j >= b.length) return 0;
    if (i >= a.length) return -1;
    if (j >= b.length) return 1;
  }
}
