import { wordsOf } from './redis-commands.js';

/** Commands that change nothing. Whatever is not among them counts as a write. */
const reads = new Set([
  ...[
    'GET',
    'MGET',
    'EXISTS',
    'TTL',
    'PTTL',
    'HGETALL',
    'HGET',
    'ZRANGE',
    'ZRANGEBYSCORE',
    'ZSCORE',
  ],
  ...[
    'INFO',
    'CONFIG',
    'PING',
    'HELLO',
    'CLIENT',
    'SELECT',
    'SCRIPT',
    'XRANGE',
    'XREVRANGE',
    'WAIT',
  ],
]);

/** Keys of what decides nothing: who is signed in where, and the timeline, for which no exchange waits. */
const besideRecords = /:(session|events|attempts|support-code)(:|$)/;

/**
 * What a message from the app to Redis does to the records of one integration, in a few words; undefined when it
 * does nothing to them.
 */
export function effectOnRecords(command: Buffer, consumerKey: string): string | undefined {
  const [name = '', ...args] = wordsOf(command);
  if (reads.has(name) || !args.some((arg) => arg.includes(consumerKey))) return undefined;
  if (args.some((arg) => besideRecords.test(arg))) return undefined;
  if (name !== 'EVAL' && name !== 'EVALSHA') return `${name} ${kindOf(args[0] ?? '')}`;
  const keys = args.slice(2, 2 + Number(args[1])).map((key) => kindOf(key));
  const states = args.map(stateIn).filter((state) => state !== undefined);
  return `write ${[...keys, ...states].join(' ')}`;
}

/** Which call to the store a message is; undefined for anything else. */
export function effectAtStore(request: Buffer): string | undefined {
  const [, method, path] = /^(GET|POST) (\/[^ ?]*)/.exec(request.toString('latin1')) ?? [];
  return method === undefined ? undefined : `${method} ${path ?? ''}`;
}

function kindOf(key: string): string {
  return /([a-z]+)(?::\{|$)/.exec(key)?.[1] ?? key;
}

function stateIn(argument: string): string | undefined {
  return /^\{.*"state":"([a-z-]+)"/.exec(argument)?.[1];
}
