import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

/** How much has been counted under a key in the window that runs. */
export interface RateCount {
  readonly count: number;
  /** Milliseconds until the window ends and the count is 0 again. */
  readonly resetMs: number;
}

/** Counts by key, each in windows of one length that begin with the first count. It counts; its callers refuse. */
export interface RateLimiter {
  /** Adds to a key's count (0: only looks) and answers what it is then. Never rejects. */
  add(this: void, key: string, points: number): Promise<RateCount>;
  /** Lets a key begin anew. Never rejects. */
  clear(this: void, key: string): Promise<void>;
}

/**
 * A rate limiter that all processes on one Redis share, under keys `<prefix>limit:<name>:<key>`. While Redis does not
 * serve, each process counts in its own memory, from 0: a limit is weaker then, and nobody is refused for Redis's sake.
 */
export function rateLimiter(
  redis: Redis,
  prefix: string,
  { name, seconds }: { readonly name: string; readonly seconds: number },
): RateLimiter {
  // The library's own verdict is not used, so its number of points does not matter.
  const window = { points: 1, duration: seconds, keyPrefix: `${prefix}limit:${name}` };
  const limiter = new RateLimiterRedis({
    ...window,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(window),
  });
  return {
    async add(key, points) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(key, points);
      return { count: consumedPoints, resetMs: msBeforeNext };
    },
    async clear(key) {
      await limiter.delete(key);
    },
  };
}
