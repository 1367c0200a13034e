import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { AppError } from '../errors.js';

/** Which stores an installation takes. */
export interface StorePolicy {
  /** Host patterns, `shop.example` or `*.shop.example`; empty: any public host. */
  readonly hosts: readonly string[];
  readonly allowHttp: boolean;
  readonly allowPrivate: boolean;
}

const longest = 1024;

/** A name or an address as a URL parser writes it; it also takes marks that mean something of their own in a text. */
const hostShape = /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)$/;

/**
 * Reads a `store_base_url` into its one spelling: lower-case host, no default port, exactly one slash at
 * the end; sub-directory, `index.php`, store code and port stay. What a URL parser would have to repair
 * (backslashes, white space, dot segments) is refused instead, since two parsers repair it in two ways.
 *
 * @throws AppError `invalid_activation` when it is no base URL, `store_not_allowed` when the policy excludes it.
 * @see docs/magento.md, "The activation POST"
 */
export function parseStoreBaseUrl(text: string, policy: StorePolicy): string {
  if (text.length > longest) throw invalid(`is longer than ${longest} characters`);
  if (/[\\\s\p{C}]/u.test(text))
    throw invalid('holds a backslash, white space or a control character');
  if (/[?#]/.test(text)) throw invalid('holds a query or a fragment');
  const [, authority, path = '/'] = /^https?:\/\/([^/]+)(\/.*)?$/i.exec(text) ?? [];
  if (authority === undefined || !URL.canParse(text)) throw invalid('is no http or https address');
  if (authority.includes('@')) throw invalid('holds user info');
  const url = new URL(text);
  if (!hostShape.test(url.hostname)) throw invalid('names no host that there can be');
  if (url.pathname !== path) throw invalid('holds a path that a URL parser would rewrite');

  const store = `${url.origin}${path.replace(/\/+$/, '')}/`;
  const refusal = refusalOf(url, policy);
  if (refusal !== undefined) throw new AppError('store_not_allowed', refusal);
  return store;
}

/** Why the policy excludes an address, judged by its text alone; `undefined` when it does not. */
export function refusalOf(url: URL, policy: StorePolicy): string | undefined {
  if (url.protocol === 'http:' && !policy.allowHttp) return 'http stores are not allowed';
  if (policy.hosts.length > 0 && !policy.hosts.some((pattern) => matches(url.hostname, pattern))) {
    return 'the host is not one of STORE_HOSTS';
  }
  if (!policy.allowPrivate && isPrivateName(url.hostname))
    return 'private addresses are not allowed';
  return undefined;
}

/** All of IPv6 that is handed out for the internet; outside lie forms that hold an IPv4 address, such as `::127.0.0.1`. */
const globalIPv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether an IP address may be connected to from anywhere: global unicast, and not a cloud's own service. */
export function isPublicAddress(address: string): boolean {
  const number = ipaddr.process(address);
  if (number instanceof ipaddr.IPv6 && !number.match(globalIPv6)) return false;
  // Azure's wire server is public by its number but answers only from inside a virtual machine.
  return number.range() === 'unicast' && number.toString() !== '168.63.129.16';
}

/** Whether two spellings mean one address: an IPv4 address may come as IPv6, and IPv6 has many. */
export function isSameAddress(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => ipaddr.process(text).toNormalizedString());
  return first === second;
}

function isPrivateName(hostname: string): boolean {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) return !isPublicAddress(literal);
  return /(^|\.)localhost\.?$/.test(hostname);
}

function matches(hostname: string, pattern: string): boolean {
  const host = domainToASCII(pattern.replace(/^\*\./, ''));
  return pattern.startsWith('*.') ? hostname.endsWith(`.${host}`) : hostname === host;
}

function invalid(reason: string): AppError {
  return new AppError('invalid_activation', `store_base_url ${reason}`);
}
