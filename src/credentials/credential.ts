import { z } from 'zod';
import type { Sealed, SealedPlace } from './key-ring.js';
import type { ChangeSealed, SealedKind } from './sealed-records.js';

const sealed = z.string().transform((text) => text as Sealed);
const date = z.iso.datetime().transform((text) => new Date(text));

/** What a signed call with a stored credential last showed. */
export const checkResults = [
  'connected',
  'connected_without_permission',
  'refused',
  'undecided',
  'unreachable',
] as const;

export type CheckResult = (typeof checkResults)[number];

/** What a store granted: what it is in clear, its secrets sealed. */
export const sealedGrant = z.object({
  consumerKey: z.string(),
  /** Normalised, with one trailing slash. */
  storeBaseUrl: z.string(),
  /** Name of the account whose sign-in obtained it. */
  account: z.string(),
  connectedAt: date,
  consumerSecret: sealed,
  accessToken: sealed,
  accessTokenSecret: sealed,
});

/** A connected store as it is kept. */
export const credentialRecord = sealedGrant.extend({
  version: z.int().min(1),
  lastCheck: z.object({ at: date, result: z.enum(checkResults), detail: z.string() }).optional(),
  /** Origins beside the store's own that its account has agreed to return to. */
  returnOrigins: z.array(z.string()).optional(),
});

export type SealedGrant = z.infer<typeof sealedGrant>;
export type Credential = z.infer<typeof credentialRecord>;

/** A credential opened: with the consumer key, the four values that sign a REST call (RFC 5849, section 3). */
export interface CredentialSecrets {
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/** Where one of a credential's secrets is at home. */
export function credentialPlace(
  credential: { readonly consumerKey: string; readonly storeBaseUrl: string },
  field: keyof CredentialSecrets,
): SealedPlace {
  return {
    kind: 'credential',
    consumerKey: credential.consumerKey,
    field,
    storeOrigin: new URL(credential.storeBaseUrl).origin,
  };
}

/** What the key of a credential's record begins with; the consumer key follows in braces. */
export function credentialKeys(prefix: string): string {
  return `${prefix}credential:`;
}

/** Where credentials keep what is sealed. */
export function sealedCredentials(prefix: string): SealedKind {
  return {
    name: 'credential',
    keys: credentialKeys(prefix),
    map(json, change) {
      return changedGrant(credentialRecord.parse(json), change);
    },
  };
}

/** The grant with every secret in it changed. */
export function changedGrant<Grant extends SealedGrant>(grant: Grant, change: ChangeSealed): Grant {
  const changed = (field: keyof CredentialSecrets) =>
    change(grant[field], credentialPlace(grant, field));
  return {
    ...grant,
    consumerSecret: changed('consumerSecret'),
    accessToken: changed('accessToken'),
    accessTokenSecret: changed('accessTokenSecret'),
  };
}
