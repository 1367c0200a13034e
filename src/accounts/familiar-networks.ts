import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

export type FamiliarNetworks = ReturnType<typeof familiarNetworks>;

const rememberedMs = 30 * 24 * 3_600_000;

/** Of one account; the one used longest ago goes first. */
const mostNetworks = 20;

/** The networks from which an account gave its right password in the last 30 days, as fingerprints. */
export function familiarNetworks(redis: Redis, prefix: string, now: () => Date) {
  const keyOf = (account: string) => `${prefix}familiar:${account}`;

  return {
    async knows(account: string, network: string): Promise<boolean> {
      const lastUse = await redis.zscore(keyOf(account), fingerprint(account, network));
      return lastUse !== null && now().getTime() - Number(lastUse) < rememberedMs;
    },

    async note(account: string, network: string): Promise<void> {
      const key = keyOf(account);
      await Promise.all([
        redis.zadd(key, now().getTime(), fingerprint(account, network)),
        redis.zremrangebyrank(key, 0, -1 - mostNetworks),
        redis.pexpire(key, rememberedMs),
      ]);
    },
  };
}

function fingerprint(account: string, network: string): string {
  return createHash('sha256').update(`${account}\n${network}`).digest('base64url').slice(0, 22);
}
