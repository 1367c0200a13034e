import { hmacsign256 } from 'oauth-sign';
import { baseStringUri } from './base-string-uri.js';
import type { Parameter } from './form-parameters.js';

/** The two secrets that make the key; both may be empty, the token's is absent before there is a token. */
export interface Secrets {
  readonly consumerSecret: string;
  readonly tokenSecret?: string;
}

/**
 * The HMAC-SHA256 signature, in base64, of the request whose base string `baseString` makes of the same
 * arguments. Names must be distinct: oauth-sign takes a dictionary.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5849#section-3.4.2
 */
export function signature(
  method: string,
  url: string,
  parameters: readonly Parameter[],
  { consumerSecret, tokenSecret = '' }: Secrets,
): string {
  return hmacsign256(
    method,
    baseStringUri(url),
    dictionary(parameters),
    consumerSecret,
    tokenSecret,
  );
}

/** Without a prototype, so that a parameter named `__proto__` is one like any other. */
function dictionary(parameters: readonly Parameter[]): Record<string, string> {
  const byName = Object.create(null) as Record<string, string>;
  for (const [name, value] of parameters) byName[name] = value;
  return byName;
}
