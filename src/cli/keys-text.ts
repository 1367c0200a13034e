import { supportCode } from '../timeline/support-code.js';
import type { KeyRing } from '../credentials/key-ring.js';
import type { KeyTally, RecordName, Resealed, Tally } from '../credentials/sealed-records.js';

/** The kinds of records, in the order of the table's columns. */
const kinds = ['credential', 'activation', 'second-factor'] as const;

/** A line for each key, the sealing one first, then the sum. A record that two keys have sealed stands in both lines. */
export function tallyText({ records, keys, unreadable }: Tally, ring: KeyRing): string {
  const ids = [...new Set([ring.firstId, ...[...keys.keys()].sort()])];
  const rows = ids.map((id) => {
    const sealed = keys.get(id);
    const counts = kinds.map((kind) => String(sealed?.[kind] ?? 0));
    return [id, ...counts, standing(id, ring)];
  });
  const lines = [['Key', 'Credentials', 'Activations', 'Second factors', ''], ...rows].map(aligned);
  const total = `${counted(records, 'record')}, ${unreadable.length} unreadable${named(unreadable)}.`;
  return [...lines, total].join('\n');
}

/** What a pass of sealing anew came to. */
export function resealedText(
  { seen, resealed, already, unreadable }: Resealed,
  { firstId }: KeyRing,
): string {
  return [
    `Seen: ${counted(seen, 'record')}.`,
    `Re-sealed with ${firstId}: ${resealed}.`,
    `Already under ${firstId}: ${already}.`,
    `Unreadable: ${unreadable.length}${named(unreadable)}.`,
  ].join('\n');
}

/** Which keys may leave the ring, and which may not: a line for each. */
export function leftText(
  { keys, unreadable }: Tally,
  retired: readonly string[],
  { firstId }: KeyRing,
): string[] {
  const others = [...keys].filter(([id]) => id !== firstId);
  return [
    ...retired.map((id) => `${id} seals no record any more and may leave ENCRYPTION_KEYS.`),
    ...others.map(([id, sealed]) => {
      const count = counted(sum(sealed), 'record');
      return `${id} still seals ${count} and has to stay in ENCRYPTION_KEYS.`;
    }),
    ...(unreadable.length > 0 ? ['No key is let go while a record is unreadable.'] : []),
  ];
}

/** That tokens wait in the spool, which is not counted; no line where it is empty. */
export function spoolText(files: number): string[] {
  if (files === 0) return [];
  return [
    `Warning: ${counted(files, 'file')} in the spool of DATA_DIR may need any key. ` +
      'None may leave ENCRYPTION_KEYS until Redis has taken them.',
  ];
}

function standing(id: string, ring: KeyRing): string {
  if (id === ring.firstId) return 'seals';
  return ring.has(id) ? 'opens' : 'unknown key: not in ENCRYPTION_KEYS';
}

function aligned([id = '', ...cells]: string[]): string {
  const [credentials = '', activations = '', secondFactors = '', note = ''] = cells;
  return [
    id.padEnd(32),
    credentials.padStart(11),
    activations.padStart(11),
    secondFactors.padStart(14),
    note,
  ]
    .join('  ')
    .trimEnd();
}

function sum(sealed: KeyTally): number {
  return kinds.reduce((total, kind) => total + sealed[kind], 0);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The names under which the console and the log know these integrations and people. */
function named(records: readonly RecordName[]): string {
  const names = new Set(
    records.map(({ kind, id }) =>
      kind === 'second-factor' ? `the second factor of ${id}` : supportCode(id),
    ),
  );
  return names.size > 0 ? ` (${[...names].join(', ')})` : '';
}
