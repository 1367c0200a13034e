import type { Redis } from 'ioredis';
import { replaceRecords } from '../credentials/replace-records.js';
import { secondFactorKeys, secondFactorRecord, type SecondFactor } from './second-factor.js';

export type SecondFactorStore = ReturnType<typeof secondFactorStore>;

/** Keeps the second factors in Redis, a JSON record for each account that has one. */
export function secondFactorStore(redis: Redis, prefix: string) {
  const replace = replaceRecords(redis);
  const keyOf = (account: string) => `${secondFactorKeys(prefix)}{${account}}`;

  return {
    async find(this: void, account: string): Promise<SecondFactor | undefined> {
      const text = await redis.get(keyOf(account));
      return text === null ? undefined : secondFactorRecord.parse(JSON.parse(text));
    },

    /** Keeps the first record of an account. Answers whether there was none. */
    add(first: Omit<SecondFactor, 'version'>): Promise<boolean> {
      const record = { ...first, version: 1 };
      return replace({ key: keyOf(first.account), expected: { version: 0 }, record });
    },

    /** Changes the record that was read. Answers whether it still was that one. */
    change(
      { version, ...current }: SecondFactor,
      changes: Partial<Pick<SecondFactor, 'lastStep' | 'recoveryCodes'>>,
    ): Promise<boolean> {
      const record = { ...current, ...changes, version: version + 1 };
      return replace({ key: keyOf(current.account), expected: { version }, record });
    },

    /** Answers whether there was one. */
    async remove(account: string): Promise<boolean> {
      return (await redis.del(keyOf(account))) === 1;
    },
  };
}
