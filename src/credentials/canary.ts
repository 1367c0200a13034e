import type { Redis } from 'ioredis';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { keyRing, opens, type NamedKey, type Sealed, type SealedPlace } from './key-ring.js';
import { replaceRecords } from './replace-records.js';
import type { Tally } from './sealed-records.js';

/** By the id of each key that may have sealed something: a known text, sealed with that key. */
const canaryRecord = z.object({
  version: z.int().min(1),
  canaries: z.record(
    z.string(),
    z.string().transform((text) => text as Sealed),
  ),
});

type CanaryRecord = z.infer<typeof canaryRecord>;

const knownText = 'canary';

/** Takes the place of a canary whose key is not on the ring. */
const nothing = '' as Sealed;

/**
 * Tells by one small record whether a ring opens what is stored. A key is named there before it seals its first
 * value, and for as long as one is left. Where the record is missing, `tally` finds out from the data themselves.
 */
export function canary(
  redis: Redis,
  prefix: string,
  keys: readonly NamedKey[],
  tally: () => Promise<Tally>,
) {
  const ring = keyRing(keys);
  const replace = replaceRecords(redis);
  const key = `${prefix}canary`;

  async function read(): Promise<CanaryRecord> {
    const text = await redis.get(key);
    if (text !== null) return canaryRecord.parse(JSON.parse(text));
    const used = (await tally()).keys;
    const canaries = [...used].map(([id, { opened }]) => [id, opened > 0 ? sealedBy(id) : nothing]);
    return { version: 0, canaries: Object.fromEntries(canaries) as CanaryRecord['canaries'] };
  }

  /** Unless somebody else was first, an app that has started meanwhile for one: each start writes here. */
  function write(version: number, canaries: CanaryRecord['canaries']): Promise<boolean> {
    const record: CanaryRecord = { version: version + 1, canaries };
    return replace({ key, expected: { version }, record });
  }

  function sealedBy(id: string): Sealed {
    return keyRing(keys.filter((one) => one.id === id)).seal(knownText, placeOf(id));
  }

  function check(id: string, sealed: Sealed): void {
    if (opens(ring, sealed, placeOf(id))) return;
    const problem = ring.has(id)
      ? `holds another key as ${id} than the one that sealed stored records`
      : `lacks the key ${id}, which sealed stored records`;
    throw new AppError('wrong_setting', `ENCRYPTION_KEYS ${problem}.`);
  }

  return {
    /**
     * Lets the ring in: from now on its first key may seal.
     *
     * @throws AppError `wrong_setting` when the ring does not open what some key has sealed; nothing is written then.
     */
    async admit(): Promise<void> {
      for (;;) {
        const { version, canaries } = await read();
        for (const [id, sealed] of Object.entries(canaries)) check(id, sealed);
        const { firstId } = ring;
        if (await write(version, { ...canaries, [firstId]: sealedBy(firstId) })) return;
      }
    },

    /**
     * Lets go of the keys that seal nothing any more, after a look at every record during which no app has
     * started; of none while a record is unreadable. Answers what was found, and the ids that are free to go.
     */
    async retire(): Promise<{ readonly left: Tally; readonly retired: readonly string[] }> {
      for (;;) {
        const { version, canaries } = await read();
        const left = await tally();
        const isNeeded = (id: string) =>
          id === ring.firstId || left.keys.has(id) || left.unreadable.length > 0;
        const kept = Object.entries(canaries).filter(([id]) => isNeeded(id));
        const retired = Object.keys(canaries).filter((id) => !isNeeded(id));
        if (retired.length === 0 || (await write(version, Object.fromEntries(kept)))) {
          return { left, retired };
        }
      }
    },

    /** Lets go of a key that is lost, with all that it has sealed. Answers whether there was such a one. */
    async forget(id: string): Promise<boolean> {
      for (;;) {
        const { version, canaries } = await read();
        const sealed = new Map(Object.entries(canaries)).get(id);
        if (sealed === undefined || opens(ring, sealed, placeOf(id))) return false;
        const kept = Object.entries(canaries).filter(([other]) => other !== id);
        if (await write(version, Object.fromEntries(kept))) return true;
      }
    },
  };
}

function placeOf(id: string): SealedPlace {
  return { kind: 'canary', consumerKey: '', field: id, storeOrigin: '' };
}
