import { errorInLog, shortened, type ErrorInLog } from './error-in-log.js';

/**
 * Every field that a log line may have, beside `level`, `time` and `msg`, with the kind of its value. What is not here is
 * refused by the compiler, and dropped should it come all the same. A new one needs its row in README's table.
 */
const logFields = {
  event: 'text',
  code: 'text',
  err: 'error',

  // A request
  method: 'text',
  route: 'text',
  status: 'number',
  ms: 'number',
  answered: 'flag',
  host: 'text',
  network: 'text',
  from: 'text',

  // An integration, by its support code, and what became of it
  activation: 'text',
  store: 'text',
  state: 'text',
  result: 'text',
  kind: 'text',
  name: 'text',
  outcome: 'text',

  // A person
  account: 'text',
  by: 'text',
  left: 'number',
  wrong: 'number',
  wrongOfNetwork: 'number',
  wrongOfAccount: 'number',

  // The process and its Redis
  url: 'text',
  publicUrl: 'text',
  redis: 'text',
  reason: 'text',
  missing: 'texts',
  unchecked: 'texts',
  version: 'text',
  advice: 'text',
} as const satisfies Record<string, keyof Kinds>;

/** What a caller gives for each kind. */
interface Kinds {
  text: string;
  texts: readonly string[];
  number: number;
  flag: boolean;
  error: unknown;
}

type Fields = typeof logFields;

/** What an event may say of itself. */
export type LogFields = {
  readonly [Name in keyof Fields]?: Kinds[Fields[Name]] | undefined;
} & { readonly event: string };

type Written = string | number | boolean | readonly string[] | ErrorInLog;

/** What is written for a value of each kind; `undefined` where it is of another. */
const written: Record<keyof Kinds, (value: unknown) => Written | undefined> = {
  text: (value) => (typeof value === 'string' ? shortened(value) : undefined),
  texts: (value) =>
    Array.isArray(value) ? value.slice(0, 20).map((one) => shortened(String(one))) : undefined,
  number: (value) => (typeof value === 'number' ? value : undefined),
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  error: errorInLog,
};

/**
 * The fields that may be written, as they are written. `dropped` counts the others: their very names may have come
 * from outside.
 */
export function allowedFields(given: LogFields): Readonly<Record<string, Written>> {
  const kept: Record<string, Written> = {};
  let dropped = 0;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const one = isLogField(name) ? written[logFields[name]](value) : undefined;
    if (one === undefined) dropped += 1;
    else kept[name] = one;
  }
  return dropped === 0 ? kept : { ...kept, dropped };
}

function isLogField(name: string): name is keyof Fields {
  return Object.hasOwn(logFields, name);
}
