import type { Redis } from 'ioredis';

export type SignInStore = ReturnType<typeof signInStore>;

/** Redis forgets a sign-in that has not been used for so long. Whether it still counts is decided before, by our clock. */
const sweepSeconds = 30 * 60;

/**
 * When each sign-in was last used, under ids that sessions hold. It stands beside the session, not in it: a request
 * under way saves the session it has read, and would bring back what a sign-out has ended meanwhile.
 */
export function signInStore(redis: Redis, prefix: string) {
  const keyOf = (id: string) => `${prefix}sign-in:${id}`;

  return {
    async begin(id: string, now: Date): Promise<void> {
      await redis.set(keyOf(id), now.getTime(), 'EX', sweepSeconds);
    },

    /** `undefined`: there is no such sign-in, or it has ended. */
    async lastUse(id: string): Promise<Date | undefined> {
      const at = await redis.get(keyOf(id));
      return at === null ? undefined : new Date(Number(at));
    },

    /** Notes a use, unless the sign-in has ended meanwhile. */
    async use(id: string, now: Date): Promise<void> {
      await redis.set(keyOf(id), now.getTime(), 'EX', sweepSeconds, 'XX');
    },

    async end(id: string): Promise<void> {
      await redis.del(keyOf(id));
    },
  };
}
