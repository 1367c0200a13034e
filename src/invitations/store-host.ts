import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';

const shape = /^([\p{L}\p{M}\p{N}.-]+|\[[\da-f:.]+\])(?::([1-9]\d{0,4}))?$/iu;
const asciiName =
  /^(?=.{1,253}$)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/;

/** Says what a store's host is, for the operator who types one. */
const expected =
  'must be a host such as shop.example or shop.example:8443, without https:// and path';

/** The host of a store in its one spelling: small letters, IDN as ASCII, a port where one was given. */
export const storeHost = z
  .string()
  .trim()
  .max(300, expected)
  .transform((text, context) => {
    const [, name = '', port] = shape.exec(text) ?? [];
    const hostname = name.startsWith('[') ? ipv6Of(name) : nameOf(name);
    if (hostname === undefined || Number(port ?? 0) > 65_535) {
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    }
    return port === undefined ? hostname : `${hostname}:${port}`;
  });

/** Whether a store's base URL is at this host. Without a port, it is that of the URL's scheme. */
export function isAtHost(storeBaseUrl: string, host: string): boolean {
  const store = new URL(storeBaseUrl);
  return store.host === new URL(`${store.protocol}//${host}`).host;
}

function nameOf(name: string): string | undefined {
  const ascii = domainToASCII(name);
  // `127.1`, `0x7f000001` and the like are addresses to a URL parser: whoever means one writes it out.
  const isDisguised = isIP(ascii) !== 0 && ascii !== name;
  return asciiName.test(ascii) && !isDisguised ? ascii : undefined;
}

function ipv6Of(literal: string): string | undefined {
  const url = `https://${literal}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
