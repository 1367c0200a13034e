import { compareNaturally } from './natural-order.js';
import { percentEncode } from './percent-encode.js';
import { phpVariable } from './php-variable.js';
import { UnportableRequestError } from './unportable-request-error.js';

/** The decoded names of a request, in order, by where they stand. */
export interface ParameterNames {
  readonly query: readonly string[];
  readonly form: readonly string[];
  readonly oauth: readonly string[];
}

/** Names that PHP turns into numbers, alone or before a bracket; 2.4.8 and later stop with a TypeError. */
const numeric = /^\s*[+-]?\d+(?:e[+-]?\d+)?\s*(?:\[|$)/i;
/** Names that Magento takes for OAuth's own, wherever in the name this stands, and leaves out. */
const taken = /oauth_[a-z_-]/;

/**
 * Throws UnportableRequestError unless every release of Magento reads these names, and sorts them, as RFC 5849
 * says. Names cannot be respelled: another name is another parameter.
 */
export function checkPortableNames(names: ParameterNames): void {
  const own = [...names.query, ...names.form];
  for (const name of own) checkName(name);
  checkDistinct([...own, ...names.oauth]);
  for (const name of names.form) checkFormName(name);
  checkReadAgain(names.query, own);
  checkOrder([...own, ...names.oauth]);
}

function checkName(name: string): void {
  if (numeric.test(name)) refuse(name, 'is a number, which PHP does not keep as a name');
  if (taken.test(name))
    refuse(name, 'contains "oauth_", so Magento leaves it out of the signature');
  if (name.includes('\0')) refuse(name, 'holds a NUL, where PHP ends the name');
}

function checkDistinct(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) refuse(name, 'occurs twice, and Magento signs only the last one');
    seen.add(name);
  }
}

function checkFormName(name: string): void {
  const variable = phpVariable(name);
  if (variable?.isArray) refuse(name, 'is an array in a form body, which Magento cannot sign');
  if (variable?.name !== name) refuse(name, 'reaches PHP under another name');
}

/** Releases from 2.4.8 on read the query a second time, with `parse_str`, and add what they find. */
function checkReadAgain(query: readonly string[], own: readonly string[]): void {
  const known = new Set(own);
  const variables = new Map<string, boolean>();
  for (const name of query) {
    const variable = phpVariable(name);
    if (!variable) continue;
    if (!variable.isArray && variable.name !== name) {
      refuse(name, 'reaches PHP under another name, which Magento 2.4.8 and later sign as well');
    }
    variables.set(variable.name, variable.isArray);
  }
  for (const [name, isArray] of variables) {
    if (isArray && known.has(name)) {
      refuse(
        name,
        'is used with and without brackets, and Magento 2.4.8 and later lose one of them',
      );
    }
  }
}

/** RFC 5849 sorts the encoded names by byte, releases up to 2.4.7 naturally, later ones the decoded names by byte. */
function checkOrder(names: readonly string[]): void {
  const sorted = names
    .map((name) => ({ name, encoded: percentEncode(name), bytes: Buffer.from(name) }))
    .sort((a, b) => (a.encoded < b.encoded ? -1 : 1));
  for (const [i, later] of sorted.entries()) {
    const earlier = sorted[i - 1];
    if (!earlier) continue;
    const agreed =
      compareNaturally(earlier.encoded, later.encoded) < 0 &&
      Buffer.compare(earlier.bytes, later.bytes) < 0;
    if (!agreed) {
      refuse(
        later.name,
        `comes before ${quoted(earlier.name)} on some releases, after it on others`,
      );
    }
  }
}

function refuse(name: string, reason: string): never {
  throw new UnportableRequestError(`The parameter name ${quoted(name)} ${reason}.`);
}

/** Long names are cut: a message is one sentence, not a copy of the request. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
