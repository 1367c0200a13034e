import type { Account } from './people.js';

const mostFailures = 6;
const lockSeconds = 1800;

interface Failures {
  readonly count: number;
  readonly lockExpiresAt: number;
}

/** Failed requests for tokens, counted for a name and a type of user, whether or not anyone has that name. */
export type RequestThrottler = ReturnType<typeof requestThrottler>;

/**
 * Locks a name out once it has failed six times, for 1800 seconds after the last failure. A request that comes
 * while it is locked out is not counted.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function requestThrottler({ now }: { now: () => Date }) {
  const failures = new Map<string, Failures>();

  /** A count whose lock has expired is forgotten: a job of Magento's deletes such rows every minute. */
  function countOf(key: string): number {
    const row = failures.get(key);
    if (row && row.lockExpiresAt > now().getTime()) return row.count;
    failures.delete(key);
    return 0;
  }

  return {
    isLockedOut: (kind: Account['kind'], username: string) =>
      countOf(keyOf(kind, username)) >= mostFailures,
    failed(kind: Account['kind'], username: string): void {
      const key = keyOf(kind, username);
      const lockExpiresAt = now().getTime() + lockSeconds * 1000;
      failures.set(key, { count: countOf(key) + 1, lockExpiresAt });
    },
    succeeded(kind: Account['kind'], username: string): void {
      failures.delete(keyOf(kind, username));
    },
  };
}

function keyOf(kind: Account['kind'], username: string): string {
  return `${kind} ${username.toLowerCase()}`;
}
