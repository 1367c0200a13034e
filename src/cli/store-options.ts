import { parseArgs } from 'node:util';
import { certificateKinds } from '../sample-store/faults/certificates.js';
import { readFaultSpec } from '../sample-store/faults/read-fault.js';
import { shapes } from '../sample-store/addresses.js';
import { releases } from '../sample-store/releases.js';
import { twoFactorKinds } from '../sample-store/users/two-factor.js';
import type { SampleStoreOptions } from '../sample-store/sample-store.js';

/** What `npm run store` is to do. */
export interface StoreCommand {
  /** 0 picks a free one for each store; else the stores after the first take those that follow. */
  readonly port: number;
  readonly stores: number;
  readonly options: StoreOptions;
}

type StoreOptions = SampleStoreOptions & Required<Pick<SampleStoreOptions, 'prefill'>>;

/** An option of the command line. Several of one name are read one after the other. */
interface Option {
  /** The word for its value; without one it is a switch. */
  readonly takes?: string;
  readonly says: string;
  /** What the option changes. Throws a sentence for a value that it does not take. */
  readonly read?: (value: string, before: StoreOptions) => Partial<SampleStoreOptions>;
}

/** Every option, in the order in which `--help` shows them. */
const table: Readonly<Record<string, Option>> = {
  endpoint: {
    takes: 'URL',
    says: 'the Callback URL in the form for a new integration',
    read: (value, { prefill }) => ({ prefill: { ...prefill, endpointUrl: webAddress(value) } }),
  },
  identity: {
    takes: 'URL',
    says: 'the Identity link URL in that form',
    read: (value, { prefill }) => ({ prefill: { ...prefill, identityUrl: webAddress(value) } }),
  },
  release: {
    takes: 'RELEASE',
    says: `the Magento that the store is: ${releases.join(', ')} (2.4.8)`,
    read: (value) => ({ release: oneOf(releases, value) }),
  },
  shape: {
    takes: 'SHAPE',
    says: `how the store's addresses are built: ${shapes.join(', ')}`,
    read: (value) => ({ shape: oneOf(shapes, value) }),
  },
  'base-url': {
    takes: 'URL',
    says: 'the store_base_url to announce, where a tunnel or a proxy leads to the store',
    read: (value) => {
      const url = webAddress(value).replace(/\/*$/, '/');
      return { baseUrl: () => url };
    },
  },
  'redirects-to-https': {
    says: 'redirect a POST over http to the base URL at https, as a shop that is https alone',
    read: () => ({ redirectsToHttps: true }),
  },
  'admin-front-name': {
    takes: 'NAME',
    says: "the first part of the admin's path (admin)",
    read: (value) => ({ adminFrontName: value }),
  },
  'admin-url': {
    takes: 'URL',
    says: 'another origin for the admin site, which is then found nowhere else',
    read: (value) => ({ adminUrl: webAddress(value) }),
  },
  'integration-bearer': {
    says: "let an integration's access token be a Bearer token, whatever the release",
    read: () => ({ integrationBearer: true }),
  },
  'two-factor': {
    takes: 'KIND',
    says: `what an admin who asks for a token meets: ${twoFactorKinds.join(', ')} (off)`,
    read: (value) => ({ twoFactor: oneOf(twoFactorKinds, value) }),
  },
  fault: {
    takes: 'SPEC',
    says: 'something that goes wrong, as in drop-after@access,times=1; may be given again. All are at /_store/faults',
    read: (value, { faults = [] }) => ({ faults: [...faults, readFaultSpec(value)] }),
  },
  tls: {
    takes: 'KIND',
    says: `speak TLS with a certificate that is ${certificateKinds.join(', ')}`,
    read: (value) => ({ tls: { certificate: oneOf(certificateKinds, value) } }),
  },
  stores: { takes: 'N', says: 'so many stores, at PORT and the ports that follow' },
  help: { says: 'show this' },
};

const defaults: StoreOptions = {
  prefill: {
    endpointUrl: 'http://localhost:3000/endpoint',
    identityUrl: 'http://localhost:3000/login',
  },
};

/** What `--help` shows. */
export function storeHelp(): string {
  const lines = Object.entries(table).map(([name, { takes = '', says }]) => {
    return `  ${`--${name} ${takes}`.padEnd(26)} ${says}`;
  });
  return `npm run store -- [options]\n\nA sample store at PORT (4000).\n\n${lines.join('\n')}\n`;
}

/**
 * Reads the command line; `help` is a wish for help.
 *
 * @throws Error with one sentence that says what is wrong.
 */
export function readStoreCommand(args: readonly string[], port = '4000'): StoreCommand | 'help' {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(table).map(([name, { takes }]) => [
        name,
        { type: takes === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  let options = defaults;
  let stores = 1;
  for (const token of tokens) {
    if (token.kind !== 'option') throw new Error(`"${args[token.index]}" is no option. ${seeHelp}`);
    const { name, rawName, value } = token;
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!option) throw new Error(`${rawName} is no option. ${seeHelp}`);
    if (name === 'help') return 'help';
    if ((value === undefined) !== (option.takes === undefined)) {
      throw new Error(`${rawName} takes ${option.takes ?? 'no value'}. ${seeHelp}`);
    }
    if (name === 'stores') stores = wholeNumber('--stores', value ?? '', 1, 100);
    else options = { ...options, ...changeBy(option, rawName, value ?? '', options) };
  }
  const first = wholeNumber('PORT', port, 0, 65_535);
  if (first > 0) wholeNumber('The last port', String(first + stores - 1), 1, 65_535);
  return { port: first, stores, options };
}

const seeHelp = 'npm run store -- --help shows them all.';

function changeBy({ read }: Option, name: string, value: string, before: StoreOptions) {
  try {
    return read?.(value, before);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

function webAddress(value: string): string {
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return value;
  throw new Error('it must be a URL that begins with http:// or https://.');
}

function oneOf<T extends string>(values: readonly T[], value: string): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`it must be one of ${values.join(', ')}.`);
  return found;
}

function wholeNumber(name: string, value: string, from: number, to: number): number {
  if (/^\d{1,6}$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value);
  throw new Error(`${name} must be a number from ${from} to ${to}.`);
}
