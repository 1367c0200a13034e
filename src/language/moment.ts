import type { Speech } from './speech.js';
import { inEnglish } from './translate.js';

/** A point in time, in words for people and in full. */
export interface Moment {
  /** `5 minutes ago` */
  readonly relative: string;
  /** `2026-03-01 12:30:00 UTC` */
  readonly exact: string;
  /** For `datetime`: `2026-03-01T12:30:00.000Z` */
  readonly iso: string;
}

const units = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** A moment as it is told `now`. One that has yet to come, by a clock that is off, is told as the present. */
export function momentOf(
  date: Date,
  now: Date,
  { lang, t }: Speech = { lang: 'en', t: inEnglish },
): Moment {
  const iso = date.toISOString();
  const seconds = Math.floor((now.getTime() - date.getTime()) / 1000);
  const [unit, length] = units.find(([, secondsOfUnit]) => seconds >= secondsOfUnit) ?? [];
  const words = new Intl.RelativeTimeFormat(lang, { numeric: 'always' });
  return {
    relative: unit ? words.format(-Math.floor(seconds / length), unit) : t('account.justNow'),
    exact: `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`,
    iso,
  };
}
