import type { Case } from './crash.js';
import { outcomes, type Outcome } from './oracle.js';
import { report, seed } from './rounds.js';

/** How many cases ended in each way. */
export function countOutcomes(cases: readonly Case[]): Record<Outcome, number> {
  const counts = outcomes.map((outcome) => [
    outcome,
    cases.filter((one) => one.outcome === outcome).length,
  ]);
  return Object.fromEntries(counts) as Record<Outcome, number>;
}

/** Prints one line of counts and percentages, and the whole story of every case that may not be. */
export function reportCases(title: string, cases: readonly Case[]): void {
  const counts = Object.entries(countOutcomes(cases)).map(
    ([outcome, count]) => `${outcome} ${count} (${Math.round((100 * count) / cases.length)} %)`,
  );
  report(`${title}, ${cases.length} cases, seed ${seed}: ${counts.join(', ')}`);
  for (const { outcome, point, timeline } of cases) {
    if (outcome !== 'silent' && outcome !== 'untraced') continue;
    report(`  ${outcome} at "${point}":\n    ${timeline.join('\n    ')}`);
  }
}
