import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** One record's change: what it must still be for the change to happen, and what it becomes. */
export interface RecordChange {
  readonly key: string;
  /** As the record was read. Version 0: it did not exist. */
  readonly expected: { readonly version: number; readonly state?: string };
  /** Absent: the record is removed. */
  readonly record?: { readonly version: number };
  /** How long it lives from now, or `keep` for what is left of its life; absent: for ever. */
  readonly lifeMs?: number | 'keep';
}

/** Makes all of the changes, or none when somebody else was first. Answers whether they were made. */
export type ReplaceRecords = (...changes: readonly RecordChange[]) => Promise<boolean>;

interface WithReplaceRecords {
  replaceRecords(numberOfKeys: number, ...args: string[]): Promise<0 | 1>;
}

/** The one way a JSON record changes: `replace-records.lua`, an atomic compare-and-set on state and version. */
export function replaceRecords(redis: Redis): ReplaceRecords {
  redis.defineCommand('replaceRecords', {
    lua: readFileSync(new URL('replace-records.lua', import.meta.url), 'utf8'),
  });
  const scripted = redis as unknown as WithReplaceRecords;

  return async (...changes) => {
    const replaced = await scripted.replaceRecords(
      changes.length,
      ...changes.map(({ key }) => key),
      ...changes.flatMap(({ expected, record, lifeMs }) => [
        expected.state ?? '',
        String(expected.version),
        record ? JSON.stringify(record) : '',
        String(lifeMs ?? 0),
      ]),
    );
    return replaced === 1;
  };
}
