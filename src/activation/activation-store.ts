import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import { replaceRecords, type RecordChange } from '../credentials/replace-records.js';
import { activationRecord, arrows, candidateSeconds, type Activation } from './activation.js';

export type ActivationStore = ReturnType<typeof activationStore>;

/** A request token that is held, a diagnosis and a result outlive the POST: the jam at Magento does not expire. */
const keptSeconds = 30 * 24 * 3600;

interface WithTakeBack {
  takeBack(numberOfKeys: 1, key: string, written: string): Promise<0 | 1>;
}

/** Keeps activations in Redis, one record for each consumer key. */
export function activationStore(redis: Redis, prefix: string) {
  const replace = replaceRecords(redis);
  redis.defineCommand('takeBack', {
    lua: readFileSync(new URL('take-back.lua', import.meta.url), 'utf8'),
  });
  const scripted = redis as unknown as WithTakeBack;
  const keyOf = (consumerKey: string) => `${prefix}activation:{${consumerKey}}`;

  async function find(consumerKey: string): Promise<Activation | undefined> {
    const text = await redis.get(keyOf(consumerKey));
    return text === null ? undefined : activationRecord.parse(JSON.parse(text));
  }

  async function write(
    current: Activation | undefined,
    next: Activation,
    ...together: RecordChange[]
  ): Promise<boolean> {
    if (current && current.state !== next.state && !arrows[current.state].includes(next.state)) {
      throw new Error(`no arrow leads from ${current.state} to ${next.state}`);
    }
    const waiting = next.state === 'received' && next.heldToken === undefined;
    const change = {
      key: keyOf(next.consumerKey),
      expected: current ? { version: current.version, state: current.state } : { version: 0 },
      record: next,
      lifeMs: (waiting ? candidateSeconds : keptSeconds) * 1000,
    };
    return replace(change, ...together);
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

    /**
     * Changes a record along a legal arrow. `next` sees the record as it stands and answers `undefined` to
     * leave it; other records of the same integration may change together with it, or not at all.
     */
    async change<Next extends Activation>(
      consumerKey: string,
      next: (current: Activation | undefined) => Next | undefined,
      together?: () => Promise<RecordChange>,
    ): Promise<Next | undefined> {
      for (;;) {
        const current = await find(consumerKey);
        const record = next(current);
        if (!record) return undefined;
        const others = together ? [await together()] : [];
        if (await write(current, record, ...others)) return record;
      }
    },
  };
}
