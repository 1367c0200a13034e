import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Credential } from './credential.js';
import { replaceRecords } from './replace-records.js';

const date = z.iso.datetime().transform((text) => new Date(text));

/**
 * What a POST for a connected store turned out to be, by a call with the stored token: `superseded`, the token is
 * dead, as after a Reauthorize; `suspicious`, it is alive, so that POST cannot have come from Magento.
 */
export const postVerdicts = ['superseded', 'suspicious'] as const;

const noticeRecord = z.object({
  version: z.int().min(1),
  /** Of the credential that this is about: once another has taken its place it says nothing any more. */
  connectedAt: date,
  /** When the store was last asked because of a POST. */
  probedAt: date,
  /** The last POST that has been judged: when it came, from which address, naming which store. */
  lastPost: z
    .object({ verdict: z.enum(postVerdicts), at: date, from: z.string(), storeBaseUrl: z.string() })
    .optional(),
});

export type Notice = z.infer<typeof noticeRecord>;
export type NoticeStore = ReturnType<typeof noticeStore>;

type Facts = Pick<Notice, 'probedAt' | 'lastPost'>;
type Subject = Pick<Credential, 'consumerKey' | 'connectedAt'>;

const keptMs = 30 * 24 * 3600 * 1000;

/**
 * Keeps what unauthenticated POSTs for connected stores led to. It stands beside the credentials, so that no such POST
 * ever changes one.
 */
export function noticeStore(redis: Redis, prefix: string) {
  const replace = replaceRecords(redis);
  const keyOf = ({ consumerKey }: Subject) => `${prefix}notice:{${consumerKey}}`;

  async function read(credential: Subject): Promise<Notice | undefined> {
    const text = await redis.get(keyOf(credential));
    return text === null ? undefined : noticeRecord.parse(JSON.parse(text));
  }

  return {
    /** What is known of POSTs since this credential was stored. */
    async find(credential: Subject): Promise<Notice | undefined> {
      const notice = await read(credential);
      return notice?.connectedAt.getTime() === credential.connectedAt.getTime()
        ? notice
        : undefined;
    },

    /** Notes what `next` makes of the notice as it stands; `undefined` leaves it. Answers whether it was noted. */
    async change(
      credential: Subject,
      next: (current: Notice | undefined) => Facts | undefined,
    ): Promise<boolean> {
      for (;;) {
        const stored = await read(credential);
        const { connectedAt } = credential;
        // A later credential has taken the place of this one while its store was asked.
        if (stored && stored.connectedAt > connectedAt) return false;
        const isCurrent = stored?.connectedAt.getTime() === connectedAt.getTime();
        const facts = next(isCurrent ? stored : undefined);
        if (!facts) return false;
        const version = stored?.version ?? 0;
        const record = { ...facts, connectedAt, version: version + 1 };
        const key = keyOf(credential);
        if (await replace({ key, expected: { version }, record, lifeMs: keptMs })) return true;
      }
    },
  };
}
