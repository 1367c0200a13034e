/** A clock that stands still until it is moved. */
export interface FakeClock {
  readonly now: () => Date;
  readonly advance: (seconds: number) => void;
}

export function fakeClock(start = '2026-11-23T12:00:00Z'): FakeClock {
  let time = Date.parse(start);
  return {
    now: () => new Date(time),
    advance: (seconds) => {
      time += seconds * 1000;
    },
  };
}
