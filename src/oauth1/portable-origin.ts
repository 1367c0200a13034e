import { domainToASCII } from 'node:url';
import { UnportableRequestError } from './unportable-request-error.js';

const defaultPorts: Record<string, number> = { http: 80, https: 443 };

/** What may be asked of `domainToASCII`, which cuts a host at a backslash and decodes escapes. */
const hostCharacters = /^(?:[A-Za-z0-9.-]|[^ -~])+$|^\[[0-9A-Fa-f:.]+\]$/;
/** Host labels that Magento's own URL checks accept (no underscore), or a bracketed IPv6 address. */
const acceptedHost = /^(?:(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}\.?|\[[0-9a-f:]+\])$/;

/**
 * `scheme://host[:port]` as every release writes it: small letters, punycode, no default port. Releases from
 * 2.4.8 on sign the Host header as it came, so what others would normalise has to be normalised before sending.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1.2
 */
export function portableOrigin(scheme: string, authority: string): string {
  const smallScheme = scheme.toLowerCase();
  const defaultPort = defaultPorts[smallScheme];
  if (!defaultPort)
    throw new UnportableRequestError('The URL must begin with http:// or https://.');
  if (authority.includes('@')) {
    throw new UnportableRequestError('The URL holds a user name or password before its host.');
  }
  const [, host = '', digits = ''] = /^(\[.*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? [];
  const port = digits === '' ? defaultPort : Number(digits);
  if (port < 1 || port > 65535) {
    throw new UnportableRequestError('The port of the URL must be between 1 and 65535.');
  }
  return `${smallScheme}://${portableHost(host)}${port === defaultPort ? '' : `:${port}`}`;
}

function portableHost(host: string): string {
  const ascii = hostCharacters.test(host) ? domainToASCII(host) : '';
  if (!acceptedHost.test(ascii)) {
    throw new UnportableRequestError(
      'The URL has no host name that every Magento release accepts.',
    );
  }
  return ascii;
}
