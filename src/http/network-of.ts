import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whom a client address stands for: an IPv4 address for itself, an IPv6 address for its /64, which one customer has
 * whole. Text that is no address (a proxy passes on what it was told) stands for `unknown`.
 */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address;
  if (isIP(address) === 0) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const groups = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
