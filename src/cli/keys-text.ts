import { supportCode } from '../activation/support-code.js';
import type { KeyRing } from '../credentials/key-ring.js';
import type { Resealed, Tally } from '../credentials/sealed-records.js';

/** A line for each key, the sealing one first, then the sum. A record that two keys have sealed stands in both lines. */
export function tallyText({ records, keys, unreadable }: Tally, ring: KeyRing): string {
  const ids = [...new Set([ring.firstId, ...[...keys.keys()].sort()])];
  const rows = ids.map((id) => {
    const { credential, activation } = keys.get(id) ?? { credential: 0, activation: 0 };
    return [id, String(credential), String(activation), standing(id, ring)];
  });
  const lines = [['Key', 'Credentials', 'Activations', ''], ...rows].map(aligned);
  const sum = `${counted(records, 'record')}, ${unreadable.length} unreadable${named(unreadable)}.`;
  return [...lines, sum].join('\n');
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
    ...others.map(([id, { credential, activation }]) => {
      const count = counted(credential + activation, 'record');
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

function aligned([id = '', credentials = '', activations = '', note = '']: string[]): string {
  return `${id.padEnd(32)}  ${credentials.padStart(11)}  ${activations.padStart(11)}  ${note}`.trimEnd();
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The names under which the console and the log know these integrations. */
function named(consumerKeys: readonly string[]): string {
  const codes = new Set(consumerKeys.map(supportCode));
  return codes.size > 0 ? ` (${[...codes].join(', ')})` : '';
}
