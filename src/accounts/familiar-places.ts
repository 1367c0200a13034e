import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

export type FamiliarPlaces = ReturnType<typeof familiarPlaces>;

const rememberedMs = 30 * 24 * 3_600_000;

/** Of one account; the one used longest ago goes first. */
const mostPlaces = 20;

/** The networks and browsers from which an account gave its right password in the last 30 days, as fingerprints. */
export function familiarPlaces(redis: Redis, prefix: string, now: () => Date) {
  const keyOf = (account: string) => `${prefix}familiar:${account}`;

  return {
    async knows(account: string, place: string): Promise<boolean> {
      const lastUse = await redis.zscore(keyOf(account), fingerprint(account, place));
      return lastUse !== null && now().getTime() - Number(lastUse) < rememberedMs;
    },

    async note(account: string, place: string): Promise<void> {
      const key = keyOf(account);
      await Promise.all([
        redis.zadd(key, now().getTime(), fingerprint(account, place)),
        redis.zremrangebyrank(key, 0, -1 - mostPlaces),
        redis.pexpire(key, rememberedMs),
      ]);
    },
  };
}

function fingerprint(account: string, place: string): string {
  return createHash('sha256').update(`${account}\n${place}`).digest('base64url').slice(0, 22);
}
