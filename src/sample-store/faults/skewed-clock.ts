/** A clock that can be wrong for a while. */
export type SkewedClock = ReturnType<typeof skewedClock>;

/** Tells what `now` tells, but for the work that is done under a skew. */
export function skewedClock(now: () => Date) {
  let skewSeconds = 0;

  return {
    now: (): Date => new Date(now().getTime() + skewSeconds * 1000),
    /** Does the work, which must not wait for anything, while the clock is wrong by so many seconds. */
    during<T>(seconds: number, work: () => T): T {
      skewSeconds = seconds;
      try {
        return work();
      } finally {
        skewSeconds = 0;
      }
    },
  };
}
