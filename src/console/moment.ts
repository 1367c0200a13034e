/** A point in time, in words for people and in full. */
export interface Moment {
  /** `5 minutes ago` */
  readonly relative: string;
  /** `2026-03-01 12:30:00 UTC` */
  readonly exact: string;
  /** For `datetime`: `2026-03-01T12:30:00.000Z` */
  readonly iso: string;
}

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A moment as it is told `now`. One that has yet to come, by a clock that is off, is told as the present. */
export function momentOf(date: Date, now: Date): Moment {
  const iso = date.toISOString();
  const seconds = Math.floor((now.getTime() - date.getTime()) / 1000);
  const [unit, length] = units.find(([, secondsOfUnit]) => seconds >= secondsOfUnit) ?? [];
  return {
    relative: unit ? words.format(-Math.floor(seconds / length), unit) : 'just now',
    exact: `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`,
    iso,
  };
}
