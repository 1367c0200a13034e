import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Account } from './account.js';

export type FamiliarPlaces = ReturnType<typeof familiarPlaces>;

/** Whose place it is. In another era of the account, after a new password for one, it is no longer. */
type Owner = Pick<Account, 'name' | 'era'>;

const rememberedMs = 30 * 24 * 3_600_000;

/** Of one account; the one used longest ago goes first. */
const mostPlaces = 20;

/** The networks and browsers from which an account gave its right password in the last 30 days, as fingerprints. */
export function familiarPlaces(redis: Redis, prefix: string, now: () => Date) {
  const keyOf = ({ name }: Owner) => `${prefix}familiar:${name}`;

  return {
    async knows(account: Owner, place: string): Promise<boolean> {
      const lastUse = await redis.zscore(keyOf(account), fingerprint(account, place));
      return lastUse !== null && now().getTime() - Number(lastUse) < rememberedMs;
    },

    async note(account: Owner, place: string): Promise<void> {
      const key = keyOf(account);
      await Promise.all([
        redis.zadd(key, now().getTime(), fingerprint(account, place)),
        redis.zremrangebyrank(key, 0, -1 - mostPlaces),
        redis.pexpire(key, rememberedMs),
      ]);
    },
  };
}

function fingerprint({ name, era }: Owner, place: string): string {
  return createHash('sha256').update(`${name}\n${era}\n${place}`).digest('base64url').slice(0, 22);
}
