/** A clock that runs by another one and can be put forward or back. */
export interface StoreClock {
  readonly now: () => Date;
  /** Puts the clock forward, or back by a negative number. Throws a RangeError where there are no dates any more. */
  advance(seconds: number): void;
  set(time: Date): void;
}

/** A clock that shows what `now` says until it is put forward or set; from then on it keeps the distance. */
export function storeClock(now: () => Date): StoreClock {
  let aheadMs = 0;

  function show(time: number): void {
    if (Number.isNaN(new Date(time).getTime())) throw new RangeError('There is no such time.');
    aheadMs = time - now().getTime();
  }

  return {
    now: () => new Date(now().getTime() + aheadMs),
    advance: (seconds) => {
      show(now().getTime() + aheadMs + seconds * 1000);
    },
    set: (time) => {
      show(time.getTime());
    },
  };
}
