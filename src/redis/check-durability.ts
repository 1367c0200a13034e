import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import type { Logger } from '../log.js';

type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Reads how the server keeps what it is given. Throws `wrong_setting` when it may evict records to make room; logs
 * one warning, `redis_not_durable`, when an acknowledged write may be lost with the server, or when that cannot be told.
 */
export async function checkDurability(client: Redis, log: Logger): Promise<void> {
  const settings = (await fromConfig(client)) ?? (await fromInfo(client));
  const policy = settings['maxmemory-policy'];
  if (settings['maxmemory'] !== '0' && policy !== undefined && policy !== 'noeviction') {
    throw new AppError(
      'wrong_setting',
      `Redis may evict records: its maxmemory-policy is ${policy}, and must be noeviction where maxmemory is set`,
    );
  }
  const missing = Object.entries(wanted).filter(
    ([name, value]) => settings[name] !== undefined && settings[name] !== value,
  );
  const unchecked = checked.filter((name) => settings[name] === undefined);
  if (missing.length === 0 && unchecked.length === 0) return;
  log.warn(
    { event: 'redis_not_durable', missing: missing.map((words) => words.join(' ')), unchecked },
    sentence(missing.length > 0),
  );
}

const wanted = { appendonly: 'yes', appendfsync: 'always' };
const checked = ['maxmemory', 'maxmemory-policy', 'appendonly', 'appendfsync'];

function sentence(isMissing: boolean): string {
  return isMissing
    ? 'Redis may lose what it has acknowledged when it stops: it lacks the settings named in `missing`'
    : 'Redis does not tell all its settings: whether it keeps what it has acknowledged could not be checked';
}

/** CONFIG is closed to many a user by ACL, and to all by many a provider. */
async function fromConfig(client: Redis): Promise<Settings | undefined> {
  try {
    const replies = await Promise.all(checked.map((name) => client.config('GET', name)));
    return Object.fromEntries(replies.map(([name = '', value]) => [name, value]));
  } catch {
    return undefined;
  }
}

/** INFO names all of them but `appendfsync`. */
async function fromInfo(client: Redis): Promise<Settings> {
  const [memory, persistence] = await Promise.all(
    ['memory', 'persistence'].map((section) => client.info(section).catch(() => '')),
  );
  const aof = field(persistence, 'aof_enabled');
  return {
    maxmemory: field(memory, 'maxmemory'),
    'maxmemory-policy': field(memory, 'maxmemory_policy'),
    appendonly: aof && (aof === '1' ? 'yes' : 'no'),
  };
}

function field(info: string | undefined, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info ?? '')?.[1];
}
