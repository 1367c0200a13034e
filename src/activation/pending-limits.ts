import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { networkOf } from '../http/network-of.js';
import { candidateSeconds } from './activation.js';

export type PendingLimits = ReturnType<typeof pendingLimits>;

/** `new`: it has a place from now on. `kept`: it had one, and its clock starts anew. The others: it has none. */
export type Admission = 'new' | 'kept' | 'full' | 'address-full';

/** How long a key that waits no more is told from one that was never announced. */
const rememberedMs = 24 * 3600 * 1000;

const refusingMs = 1_000;

interface WithAdmitPending {
  admitPending(numberOfKeys: number, ...args: string[]): Promise<Admission[]>;
}

/** One who asks for a place. */
interface Applicant {
  readonly consumerKey: string;
  readonly address: string;
  readonly resolve: (admission: Admission) => void;
  readonly reject: (error: unknown) => void;
}

/** So many at the most are decided on in one script: nothing else moves in Redis meanwhile. */
const mostAtOnce = 200;

/**
 * Bounds the activations that wait for a sign-in: `max` in all, a tenth of that for one client address (IPv6: for
 * one /64). A place lasts as long as a POST can be signed in to.
 */
export function pendingLimits(
  redis: Redis,
  prefix: string,
  { max, now }: { readonly max: number; readonly now: () => Date },
) {
  redis.defineCommand('admitPending', {
    lua: readFileSync(new URL('admit-pending.lua', import.meta.url), 'utf8'),
  });
  const scripted = redis as unknown as WithAdmitPending;
  const everyone = `${prefix}pending:{limits}`;
  const ofAddress = (from: string) => `${everyone}:${networkOf(from)}`;
  const limits = [max, Math.max(1, Math.floor(max / 10)), rememberedMs].map(String);
  let refusingUntil = 0;
  const applicants: Applicant[] = [];

  /** Decides on all that have asked in this turn of the event loop, in one command: most of its cost is its own. */
  function decide(): void {
    const asking = applicants.splice(0, mostAtOnce);
    if (applicants.length > 0) setImmediate(decide);
    const addresses = [...new Set(asking.map(({ address }) => address))];
    const time = now().getTime();
    const until = time + candidateSeconds * 1000;
    scripted
      .admitPending(
        1 + addresses.length,
        ...[everyone, ...addresses],
        ...[String(time), String(until), ...limits],
        ...asking.flatMap(({ consumerKey, address }) => [
          consumerKey,
          String(2 + addresses.indexOf(address)),
        ]),
      )
      .then((admissions) => {
        if (admissions.some(isRefusal)) refusingUntil = time + refusingMs;
        asking.forEach(({ resolve }, at) => {
          resolve(admissions[at] ?? 'full');
        });
      })
      .catch((error: unknown) => {
        for (const { reject } of asking) reject(error);
      });
  }

  return {
    /** Asks for a place for a key, in the name of a client address. A refusal has changed nothing. */
    admit(consumerKey: string, from: string): Promise<Admission> {
      return new Promise((resolve, reject) => {
        if (applicants.length === 0) setImmediate(decide);
        applicants.push({ consumerKey, address: ofAddress(from), resolve, reject });
      });
    },

    /** Whether a refusal is so recent that the next is likely. */
    isRefusing: (): boolean => now().getTime() < refusingUntil,

    /** Gives a key's place back, at the addresses that asked for it, and forgets the key. */
    async release(consumerKey: string, from: readonly string[] = []): Promise<void> {
      const sets = [everyone, ...new Set(from.map(ofAddress))];
      await Promise.all(sets.map((set) => redis.zrem(set, consumerKey)));
    },

    /** Whether a key waits, or did within the last 24 hours. */
    async wasAnnounced(consumerKey: string): Promise<boolean> {
      const until = await redis.zscore(everyone, consumerKey);
      return until !== null && Number(until) > now().getTime() - rememberedMs;
    },
  };
}

function isRefusal(admission: Admission): boolean {
  return admission === 'full' || admission === 'address-full';
}
