import { cpus } from 'node:os';
import { median } from './statistics.js';

/** A ratio to a baseline that was measured beside it, round by round. */
export interface Row {
  readonly what: string;
  readonly bar: string;
  readonly ratios: readonly number[];
  readonly figures: string;
}

/** The median of one of the values, as text. */
export function middle<Key extends string>(
  values: readonly Readonly<Record<Key, number>>[],
  key: Key,
  digits: number,
): string {
  return median(values.map((value) => value[key])).toFixed(digits);
}

/** Prints the rows as a table in Markdown. */
export function print(rows: readonly Row[], rounds: number): void {
  console.log(`Node.js ${process.versions.node}, ${cpus().length} cores, ${rounds} rounds\n`);
  console.log('| what | ratio (lowest to highest) | bar | app / bare |');
  console.log('| --- | --- | --- | --- |');
  for (const { what, bar, ratios, figures } of rows) {
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    console.log(`| ${what} | ${median(ratios).toFixed(2)} (${spread}) | ${bar} | ${figures} |`);
  }
}
