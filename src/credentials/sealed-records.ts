import type { Redis } from 'ioredis';
import { keyIdOf, opens, type KeyRing, type Sealed, type SealedPlace } from './key-ring.js';
import { replaceRecords, type ReplaceRecords } from './replace-records.js';

/** Makes another sealed value of one, which is at home in this place. */
export type ChangeSealed = (sealed: Sealed, place: SealedPlace) => Sealed;

/** A kind of record that holds sealed values, each kind told by whoever keeps such records. */
export interface SealedKind {
  readonly name: 'credential' | 'activation' | 'second-factor';
  /** What the keys of its records begin with, before what names one, in braces. */
  readonly keys: string;
  /** The record that this JSON is, with every sealed value in it changed. Throws for what is no such record. */
  map(
    this: void,
    json: unknown,
    change: ChangeSealed,
  ): { readonly version: number; readonly state?: string };
}

/** A record by its kind and what stands in the braces of its key: a consumer key, or an account's name. */
export interface RecordName {
  readonly kind: SealedKind['name'];
  readonly id: string;
}

/** What is sealed with which key. */
export interface Tally {
  readonly records: number;
  readonly keys: ReadonlyMap<string, KeyTally>;
  /** The records that do not open, or not in every part. */
  readonly unreadable: readonly RecordName[];
}

/** Of one key: how many records of each kind it has sealed something in, and how many of its values open. */
export interface KeyTally extends Readonly<Record<SealedKind['name'], number>> {
  readonly opened: number;
}

const noRecords: KeyTally = { credential: 0, activation: 0, 'second-factor': 0, opened: 0 };

/** What a pass over all records came to. */
export interface Resealed {
  readonly seen: number;
  readonly resealed: number;
  readonly already: number;
  /** The records that were left as they are, since no key on the ring opens all of them. */
  readonly unreadable: readonly RecordName[];
}

/** Counts, without writing, the records that each key has sealed something in, and tries to open everything. */
export async function tallySealed(
  redis: Redis,
  kinds: readonly SealedKind[],
  ring: KeyRing,
): Promise<Tally> {
  const keys = new Map<string, KeyTally>();
  const unreadable: RecordName[] = [];
  let records = 0;
  for (const kind of kinds) {
    for await (const key of keysOf(redis, kind)) {
      const text = await redis.get(key);
      if (text === null) continue;
      const { opened, isReadable } = opening(kind, text, ring);
      for (const [id, count] of opened) {
        const sofar = keys.get(id) ?? noRecords;
        const sum = { ...sofar, opened: sofar.opened + count };
        keys.set(id, { ...sum, [kind.name]: sofar[kind.name] + 1 });
      }
      if (!isReadable) unreadable.push(nameOf(kind, key));
      records += 1;
    }
  }
  return { records, keys, unreadable };
}

/**
 * Puts every record under the first key of the ring, one by one, each by compare-and-set and with what is left of
 * its life. Done beside running apps, as often as wanted: what is under that key already is not touched.
 */
export async function resealAll(
  redis: Redis,
  kinds: readonly SealedKind[],
  ring: KeyRing,
): Promise<Resealed> {
  const replace = replaceRecords(redis);
  const done: Record<Outcome, RecordName[]> = {
    resealed: [],
    already: [],
    unreadable: [],
    gone: [],
  };
  for (const kind of kinds) {
    for await (const key of keysOf(redis, kind)) {
      const outcome = await resealRecord(redis, replace, kind, key, ring);
      done[outcome].push(nameOf(kind, key));
    }
  }
  const { resealed, already, unreadable } = done;
  return {
    seen: resealed.length + already.length + unreadable.length,
    resealed: resealed.length,
    already: already.length,
    unreadable,
  };
}

type Outcome = 'resealed' | 'already' | 'unreadable' | 'gone';

async function resealRecord(
  redis: Redis,
  replace: ReplaceRecords,
  kind: SealedKind,
  key: string,
  ring: KeyRing,
): Promise<Outcome> {
  for (;;) {
    const text = await redis.get(key);
    if (text === null) return 'gone';
    const anew = sealedAnew(kind, text, ring);
    if (!anew) return 'unreadable';
    const { record, isChanged } = anew;
    if (!isChanged) return 'already';
    const { version, state } = record;
    const change = {
      key,
      expected: { version, ...(state !== undefined && { state }) },
      record: { ...record, version: version + 1 },
      lifeMs: 'keep' as const,
    };
    if (await replace(change)) return 'resealed';
  }
}

/** The record under the first key, and whether that changes it; `undefined` when it cannot be opened. */
function sealedAnew(kind: SealedKind, text: string, ring: KeyRing) {
  let isChanged = false;
  try {
    const record = kind.map(JSON.parse(text), (sealed, place) => {
      const anew = ring.reseal(sealed, place);
      isChanged ||= anew !== sealed;
      return anew;
    });
    return { record, isChanged };
  } catch {
    return undefined;
  }
}

/** How many values of each key open in a record, and whether all that is in it can be read. */
function opening(kind: SealedKind, text: string, ring: KeyRing) {
  const opened = new Map<string, number>();
  let isReadable = true;
  try {
    kind.map(JSON.parse(text), (sealed, place) => {
      const isOpened = opens(ring, sealed, place);
      const id = keyIdOf(sealed);
      if (id !== undefined) opened.set(id, (opened.get(id) ?? 0) + (isOpened ? 1 : 0));
      isReadable &&= isOpened;
      return sealed;
    });
  } catch {
    isReadable = false;
  }
  return { opened, isReadable };
}

/** The keys of all records of a kind, each once: SCAN may name one twice. */
async function* keysOf(redis: Redis, kind: SealedKind): AsyncGenerator<string> {
  const literal = kind.keys.replace(/[*?[\]\\]/g, '\\$&');
  const named = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `${literal}{*}`, 'COUNT', 500);
    for (const key of keys) {
      if (named.has(key)) continue;
      named.add(key);
      yield key;
    }
    cursor = next;
  } while (cursor !== '0');
}

function nameOf(kind: SealedKind, key: string): RecordName {
  return { kind: kind.name, id: key.slice(key.lastIndexOf('{') + 1, -1) };
}
