import { hash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { replaceRecords } from '../../credentials/replace-records.js';

const date = z.iso.datetime().transform((text) => new Date(text));

/** A sign-in that somebody else may make, in another browser, by a link. */
const handOverRecord = z.object({
  version: z.int().min(1),
  consumerKey: z.string(),
  /** Where the window returns to from which the link was sent. The callback itself stays there. */
  callbackOrigin: z.string(),
  /** At whose own address that window was opened: nobody else may sign in by the link either. */
  account: z.string().optional(),
  createdAt: date,
  expiresAt: date,
  /** When a sign-in by the link was successful. */
  usedAt: date.optional(),
});

export type HandOver = z.infer<typeof handOverRecord>;

export type HandOverStore = ReturnType<typeof handOverStore>;

/** By what a link's secret is known: whoever reads Redis cannot make the link of it. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Keeps in Redis what a link stands for, by the hash of its secret. */
export function handOverStore(redis: Redis, prefix: string, now: () => Date) {
  const replace = replaceRecords(redis);
  const keyOf = (id: string) => `${prefix}hand-over:${id}`;

  async function find(id: string): Promise<HandOver | undefined> {
    const text = await redis.get(keyOf(id));
    const found = text === null ? undefined : handOverRecord.parse(JSON.parse(text));
    return found && found.expiresAt > now() ? found : undefined;
  }

  return {
    /** `undefined` when there is no such link, or no longer. */
    find,

    /** Makes what a link stands for, unless it is there already. */
    async make(id: string, facts: Omit<HandOver, 'version' | 'usedAt'>): Promise<void> {
      const lifeMs = Math.max(1, facts.expiresAt.getTime() - now().getTime());
      const record: HandOver = { ...facts, version: 1 };
      await replace({ key: keyOf(id), expected: { version: 0 }, record, lifeMs });
    },

    /** Notes that a sign-in by the link was successful. */
    async use(id: string): Promise<void> {
      for (;;) {
        const current = await find(id);
        if (!current || current.usedAt) return;
        const { version } = current;
        const record: HandOver = { ...current, version: version + 1, usedAt: now() };
        if (await replace({ key: keyOf(id), expected: { version }, record, lifeMs: 'keep' })) {
          return;
        }
      }
    },
  };
}
