import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import { replaceRecords, type RecordChange } from '../credentials/replace-records.js';
import {
  activationRecord,
  arrows,
  candidateSeconds,
  heldTokenOf,
  leaseOf,
  type Activation,
} from './activation.js';
import { activationKeys } from './sealed-activations.js';

export type ActivationStore = ReturnType<typeof activationStore>;

/** A request token that is held, a diagnosis and a result outlive the POST: the jam at Magento does not expire. */
const keptSeconds = 30 * 24 * 3600;

/** A change whose answer is lost is made again so many milliseconds later: made twice, it has one effect. */
const repeatAfterMs = [100, 300, 900];

interface WithTakeBack {
  takeBack(numberOfKeys: 1, key: string, written: string): Promise<0 | 1>;
}

/** One run of an exchange, on the list of leases. */
export interface ExchangeEntry {
  readonly consumerKey: string;
  readonly attempt: string;
}

/** Keeps activations in Redis, one record for each consumer key, and the leases of exchanges by their end. */
export function activationStore(
  redis: Redis,
  prefix: string,
  now: () => Date,
  wait: (ms: number) => Promise<unknown> = pause,
) {
  const replace = replaceRecords(redis);
  redis.defineCommand('takeBack', {
    lua: readFileSync(new URL('take-back.lua', import.meta.url), 'utf8'),
  });
  const scripted = redis as unknown as WithTakeBack;
  const exchanges = `${prefix}exchanges`;
  const keyOf = (consumerKey: string) => `${activationKeys(prefix)}{${consumerKey}}`;

  async function find(consumerKey: string): Promise<Activation | undefined> {
    const text = await redis.get(keyOf(consumerKey));
    return text === null ? undefined : activationRecord.parse(JSON.parse(text));
  }

  function changeOf(current: Activation | undefined, next: Activation): RecordChange {
    if (current && current.state !== next.state && !arrows[current.state].includes(next.state)) {
      throw new Error(`no arrow leads from ${current.state} to ${next.state}`);
    }
    return {
      key: keyOf(next.consumerKey),
      expected: current ? { version: current.version, state: current.state } : { version: 0 },
      record: next,
      lifeMs: lifeMs(next, now()),
    };
  }

  /** Makes the changes, and keeps the list of leases: an entry is there before its lease and goes after it. */
  async function write(
    current: Activation | undefined,
    next: Activation,
    ...together: RecordChange[]
  ): Promise<boolean> {
    const [before, after] = [current && leaseOf(current), leaseOf(next)];
    const change = changeOf(current, next);
    const isNewLease = after !== undefined && after.attempt !== before?.attempt;
    // Both are on their way at once, in this order; an entry without a lease does no harm.
    // One that has run out already is not listed as due at once: a pass might look before the record is there.
    const due = Math.max(after?.until.getTime() ?? 0, now().getTime() + 1000);
    const listed = isNewLease && redis.zadd(exchanges, due, entryOf(next, after));
    const [replaced] = await Promise.all([replace(change, ...together), listed]);
    if (replaced && before && before.attempt !== after?.attempt) {
      redis.zrem(exchanges, entryOf(next, before)).catch(() => 0);
    }
    return replaced;
  }

  /**
   * As `write`, where the caller has to know: an error does not say whether the change was made, so it is made again
   * until an answer comes, at most for some seconds. @throws the last error
   */
  async function writeSurely(current: Activation, next: Activation): Promise<boolean> {
    for (let repeats = 0; ; repeats += 1) {
      try {
        if (await write(current, next)) return true;
        const isOurs = async () =>
          (await redis.get(keyOf(next.consumerKey))) === JSON.stringify(next);
        return repeats > 0 && (await isOurs());
      } catch (error) {
        const waitMs = repeatAfterMs[repeats];
        if (waitMs === undefined) throw error;
        await wait(waitMs);
      }
    }
  }

  return {
    find,

    /** Writes the record of a first POST where there is none yet, in one round trip. Answers whether it did. */
    async insert(first: Activation): Promise<boolean> {
      const lifeMs = candidateSeconds * 1000;
      const written = await redis.set(
        keyOf(first.consumerKey),
        JSON.stringify(first),
        'PX',
        lifeMs,
        'NX',
      );
      return written === 'OK';
    },

    /** Removes a record that was inserted, unless it has changed since. */
    async takeBack(first: Activation): Promise<void> {
      await scripted.takeBack(1, keyOf(first.consumerKey), JSON.stringify(first));
    },

    /** Writes what `next` makes of the record as it stands; rejects when `giveUpAt` (of `performance.now`) has passed. */
    async receive(
      consumerKey: string,
      next: (current: Activation | undefined) => Activation,
      giveUpAt: number,
    ): Promise<void> {
      while (performance.now() < giveUpAt) {
        const current = await find(consumerKey);
        if (await write(current, next(current))) return;
      }
      throw new AppError('redis_unavailable', 'others changed the same activation all the time');
    },

    /** Puts `next` in the place of the record that was read, unless it has changed since. Answers whether it did. */
    replace: (current: Activation, next: Activation): Promise<boolean> => write(current, next),

    /** As `replace`, and goes on asking for some seconds when Redis does not say whether it did. */
    replaceSurely: writeSurely,

    /**
     * Changes a record along a legal arrow. `next` sees the record as it stands and answers `undefined` to
     * leave it; other records of the same integration may change together with it, or not at all.
     */
    async change<Next extends Activation>(
      consumerKey: string,
      next: (current: Activation | undefined) => Next | undefined,
      together?: () => Promise<RecordChange | undefined>,
    ): Promise<Next | undefined> {
      for (;;) {
        const [current, other] = await Promise.all([find(consumerKey), together?.()]);
        const record = next(current);
        if (!record) return undefined;
        if (await write(current, record, ...(other ? [other] : []))) return record;
      }
    },

    /** Exchanges that somebody should look after now, longest overdue first. */
    async overdue(most: number): Promise<ExchangeEntry[]> {
      const until = now().getTime();
      const entries = await redis.zrangebyscore(exchanges, '-inf', until, 'LIMIT', 0, most);
      return entries.map((entry) => {
        const [consumerKey = '', attempt = ''] = entry.split(' ');
        return { consumerKey, attempt };
      });
    },

    /** Looks after an exchange again at this time. */
    async lookAgain(exchange: ExchangeEntry, at: Date): Promise<void> {
      await redis.zadd(exchanges, 'XX', at.getTime(), entryOf(exchange, exchange));
    },

    /** Looks after an exchange no more. */
    async leaveAlone(exchange: ExchangeEntry): Promise<void> {
      await redis.zrem(exchanges, entryOf(exchange, exchange));
    },
  };
}

/** An attempt's own entry: whoever takes it off, however late, takes off no other's. */
function entryOf(
  { consumerKey }: { readonly consumerKey: string },
  { attempt }: { readonly attempt: string },
): string {
  return `${consumerKey} ${attempt}`;
}

/** How long a record is kept from now on, in milliseconds. */
function lifeMs(activation: Activation, now: Date): number {
  // What a disconnect has ended may come very late: the count of disconnects has to outlive it.
  const isWaiting =
    (activation.state === 'received' || activation.state === 'failed') &&
    !heldTokenOf(activation) &&
    activation.generation === 0;
  if (!isWaiting) return keptSeconds * 1000;
  const posts = activation.candidates.map(({ receivedAt }) => receivedAt.getTime());
  const newest = Math.max(...posts, now.getTime() - candidateSeconds * 1000);
  return Math.max(newest + candidateSeconds * 1000 - now.getTime(), 1000);
}
