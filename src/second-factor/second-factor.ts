import { z } from 'zod';
import type { PlaceOfAccount, Sealed } from '../credentials/key-ring.js';
import type { SealedKind } from '../credentials/sealed-records.js';

/** An account's second factor as it is kept; where there is none, none is on. */
export const secondFactorRecord = z.object({
  version: z.int().min(1),
  account: z.string(),
  /** What the person's authenticator app was given, base32. */
  secret: z.string().transform((text) => text as Sealed),
  turnedOnAt: z.iso.datetime().transform((text) => new Date(text)),
  /** The time step of the last code that was taken: no code of that step or an earlier one is taken again. */
  lastStep: z.int(),
  /** Hashes of the recovery codes that are left. */
  recoveryCodes: z.array(z.string()),
});

export type SecondFactor = z.infer<typeof secondFactorRecord>;

/** What the key of a second factor's record begins with; the account's name follows in braces. */
export function secondFactorKeys(prefix: string): string {
  return `${prefix}second-factor:`;
}

/** Where the secret of an account's second factor is at home: in its record, or in the session that sets it up. */
export function secretPlace(account: string, field: 'secret' | 'enrolment'): PlaceOfAccount {
  return { kind: 'second-factor', account, field };
}

/** Where second factors keep what is sealed. */
export function sealedSecondFactors(prefix: string): SealedKind {
  return {
    name: 'second-factor',
    keys: secondFactorKeys(prefix),
    map(json, change) {
      const record = secondFactorRecord.parse(json);
      return {
        ...record,
        secret: change(record.secret, secretPlace(record.account, 'secret')),
      };
    },
  };
}
