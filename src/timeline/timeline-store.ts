import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Logger } from '../log.js';
import { readSupportCode, supportCode } from './support-code.js';
import { readEvent, writtenEvent, type Happening, type TimelineEvent } from './timeline-event.js';

/** An integration that somebody tried to connect, with what happened, newest first. */
export interface Attempt {
  readonly consumerKey: string;
  readonly events: readonly TimelineEvent[];
}

export type TimelineStore = ReturnType<typeof timelineStore>;

interface WithNoteEvent {
  noteEvent(numberOfKeys: 1, key: string, event: string, most: number, ms: number): Promise<null>;
}

const dayMs = 24 * 3600 * 1000;
const keptMs = 30 * dayMs;

/** Of one integration. */
const mostEvents = 50;
/** On each list of integrations. */
const mostAttempts = 1_000;
/** Codes are short: two integrations may have one. Whoever looks for many that do finds the newest. */
const mostWithOneCode = 10;

/**
 * Keeps what happened in each attempt to connect a store, for whoever helps the merchant. It is a help and no record:
 * nothing is decided by it, nobody waits for it, and an event that Redis does not take is lost.
 *
 * Anybody can open the popup with keys that they make up. So integrations for which nobody has signed in have a list of
 * their own, and whatever falls off its end is forgotten at once.
 */
export function timelineStore(
  redis: Redis,
  prefix: string,
  { now, log }: { readonly now: () => Date; readonly log: Logger },
) {
  redis.defineCommand('noteEvent', {
    lua: readFileSync(new URL('note-event.lua', import.meta.url), 'utf8'),
  });
  const scripted = redis as unknown as WithNoteEvent;
  const signedIn = `${prefix}attempts`;
  const strangers = `${prefix}attempts:strangers`;
  const refused = `${prefix}attempts:refused`;
  let isForgetting = false;
  const eventsOf = (consumerKey: string) => `${prefix}events:{${consumerKey}}`;
  const keysWith = (code: string) => `${prefix}support-code:${code}`;

  /** Puts an integration at the head of a list. */
  async function list(key: string, consumerKey: string, at: Date): Promise<void> {
    await Promise.all([redis.zadd(key, at.getTime(), consumerKey), redis.pexpire(key, keptMs)]);
  }

  async function cut(key: string, most: number): Promise<void> {
    await redis.zremrangebyrank(key, 0, -1 - most);
  }

  async function write(consumerKey: string, event: Happening): Promise<void> {
    const at = now();
    const code = keysWith(supportCode(consumerKey));
    const written = writtenEvent(event, at);
    const isStrangers = isOfStranger(event);
    // All of it is sent before this first waits, so that events stand in the order in which they were noted.
    await Promise.all([
      scripted.noteEvent(1, eventsOf(consumerKey), written, mostEvents, lifeMs(event)),
      list(code, consumerKey, at),
      cut(code, mostWithOneCode),
      isStrangers && redis.zadd(signedIn, 'XX', at.getTime(), consumerKey),
      list(isStrangers ? strangers : signedIn, consumerKey, at),
      cut(signedIn, mostAttempts),
      refusedAccount(event) !== undefined && list(refused, consumerKey, at),
      cut(refused, mostAttempts),
    ]);
    if (isStrangers) await forgetSurplus();
  }

  /** Forgets those beyond the last place of their list. Events that come meanwhile leave it to the first. */
  async function forgetSurplus(): Promise<void> {
    if (isForgetting) return;
    isForgetting = true;
    try {
      for (;;) {
        const surplus = await redis.zrange(strangers, '0', `${-1 - mostAttempts}`);
        if (surplus.length === 0) return;
        await Promise.all(surplus.slice(0, 100).map(forgetStranger));
      }
    } finally {
      isForgetting = false;
    }
  }

  async function forgetStranger(consumerKey: string): Promise<void> {
    if ((await redis.zscore(signedIn, consumerKey)) === null) {
      const code = keysWith(supportCode(consumerKey));
      await Promise.all([redis.unlink(eventsOf(consumerKey)), redis.zrem(code, consumerKey)]);
    }
    await redis.zrem(strangers, consumerKey);
  }

  async function of(consumerKey: string): Promise<TimelineEvent[]> {
    const oldest = now().getTime() - keptMs;
    const entries = await redis.xrevrange(eventsOf(consumerKey), '+', '-');
    return entries.flatMap(([, fields]) => {
      const event = readEvent(fields[1]);
      return event && event.at.getTime() >= oldest ? [event] : [];
    });
  }

  /** Those of which something is still known. */
  async function attemptsOf(consumerKeys: readonly string[]): Promise<Attempt[]> {
    const attempts = await Promise.all(
      consumerKeys.map(async (consumerKey) => ({ consumerKey, events: await of(consumerKey) })),
    );
    return attempts.filter(({ events }) => events.length > 0);
  }

  return {
    /** Notes what has happened just now, beside whatever goes on: it never throws, and nobody waits for it. */
    note(consumerKey: string, event: Happening): void {
      write(consumerKey, event).catch((error: unknown) => {
        const activation = supportCode(consumerKey);
        log.warn({ event: 'timeline_not_written', activation, kind: event.kind, err: error });
      });
    },

    /** What happened to an integration in the last 30 days, newest first. */
    of,

    /** The attempts that a support code stands for, however it was typed; newest first. */
    async withCode(typed: string): Promise<Attempt[]> {
      const code = readSupportCode(typed);
      if (code === undefined) return [];
      return attemptsOf((await redis.zrange(keysWith(code), '0', '-1')).toReversed());
    },

    /** The attempts in which something happened last, newest first. */
    async recent(most: number): Promise<Attempt[]> {
      const [known, others] = await Promise.all(
        [signedIn, strangers].map((key) => redis.zrange(key, `${-most}`, '-1')),
      );
      const attempts = await attemptsOf([...new Set([...(known ?? []), ...(others ?? [])])]);
      return attempts.toSorted((a, b) => lastAt(b) - lastAt(a)).slice(0, most);
    },

    /** The integrations that an account was refused, as another's, since then, with when that was last. */
    async refusedSince(since: Date): Promise<Map<string, Date>> {
      const found = await redis.zrangebyscore(refused, since.getTime(), '+inf', 'WITHSCORES');
      return new Map(
        found.flatMap((consumerKey, place) =>
          place % 2 === 0 ? [[consumerKey, new Date(Number(found[place + 1]))] as const] : [],
        ),
      );
    },
  };
}

/** Whether anybody at all may have done this. */
function isOfStranger(event: Happening): boolean {
  return event.kind === 'popup_opened' || (event.kind === 'failed' && event.account === undefined);
}

/** The account that was refused here, since the integration is another's. */
export function refusedAccount(event: Happening): string | undefined {
  const isRefusal = event.kind === 'failed' && event.code === 'account_not_allowed';
  return isRefusal ? event.account : undefined;
}

/** A stranger's failure alone does not tell whether any store has announced the key. */
function lifeMs(event: Happening): number {
  return event.kind === 'failed' && event.account === undefined ? dayMs : keptMs;
}

function lastAt({ events }: Attempt): number {
  return events[0]?.at.getTime() ?? 0;
}
