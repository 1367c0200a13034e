import { z } from 'zod';
import type { Sealed } from '../credentials/key-ring.js';
import { errorCodes } from '../errors.js';

const sealed = z.string().transform((text) => text as Sealed);
const date = z.iso.datetime().transform((text) => new Date(text));

/** One activation POST: a claim that nothing has proved yet. */
const candidate = z.object({
  /** Tells distinct POSTs apart without opening them. */
  id: z.string(),
  storeBaseUrl: z.string(),
  consumerSecret: sealed,
  verifier: sealed,
  receivedAt: date,
  /** The address it came from. */
  from: z.string(),
});

/** A request token that a store gave us, with everything needed to exchange it however much later. */
const heldToken = z.object({
  storeBaseUrl: z.string(),
  obtainedAt: date,
  candidateId: z.string(),
  consumerSecret: sealed,
  token: sealed,
  tokenSecret: sealed,
  verifier: sealed,
});

/** The right to run this activation's exchange, for a while. */
const lease = z.object({ attempt: z.string(), until: date });

/** Why the last exchange did not end in a connection. */
const failure = z.object({ code: z.enum(errorCodes), at: date });

const common = {
  version: z.int().min(1),
  consumerKey: z.string(),
  candidates: z.array(candidate),
  /** The account that signed in first, until the activation is connected or expires. */
  claimedBy: z.string().optional(),
};

/** An activation under way, as it is kept. Each state holds exactly what that state has. */
export const activationRecord = z.discriminatedUnion('state', [
  /** Magento sent us a verifier; nobody has signed in since. A request token may be left from before. */
  z.object({ ...common, state: z.literal('received'), heldToken: heldToken.optional() }),
  /** Asking for a request token: from here on the verifier may be spent. */
  z.object({
    ...common,
    state: z.literal('requesting'),
    lease,
    candidateId: z.string(),
    /** One from before that the store did not take, for a reason that may pass. */
    heldToken: heldToken.optional(),
  }),
  /** The request token is ours. */
  z.object({
    ...common,
    state: z.literal('authorized'),
    heldToken,
    lease: lease.optional(),
    failure: failure.optional(),
  }),
  /** Asking for the access token: from here on it may have been granted. With a failure: no answer will come. */
  z.object({
    ...common,
    state: z.literal('accessing'),
    heldToken,
    lease,
    failure: failure.optional(),
  }),
  /** The credential is stored. Candidates are POSTs that came since. */
  z.object({
    ...common,
    state: z.literal('connected'),
    connectedAt: date,
    candidateId: z.string(),
  }),
  /** Magento refuses this verifier for good: the merchant has to create the integration anew. */
  z.object({ ...common, state: z.literal('needs-recreate'), failure }),
  /** Magento granted access that we do not hold: the merchant has to click Reauthorize. */
  z.object({ ...common, state: z.literal('needs-reauthorize'), failure }),
  /** The exchange ended without a token; signing in again starts another. */
  z.object({ ...common, state: z.literal('failed'), failure }),
]);

export type Activation = z.infer<typeof activationRecord>;
export type Candidate = z.infer<typeof candidate>;
export type HeldToken = z.infer<typeof heldToken>;
export type Lease = z.infer<typeof lease>;
export type State = Activation['state'];

/**
 * The legal arrows: each change of a record goes along one of them, or stays where it is. `connected` can be
 * reached from everywhere, since a grant that arrives late, when its lease is long another's, is kept all the same.
 */
export const arrows: Readonly<Record<State, readonly State[]>> = {
  received: ['requesting', 'authorized', 'connected'],
  requesting: ['authorized', 'failed', 'needs-recreate', 'received', 'connected'],
  authorized: ['accessing', 'received', 'requesting', 'connected'],
  accessing: ['connected', 'authorized', 'needs-reauthorize', 'received', 'requesting'],
  connected: ['requesting', 'needs-reauthorize'],
  'needs-recreate': ['received', 'requesting', 'connected'],
  'needs-reauthorize': ['received', 'requesting', 'connected'],
  failed: ['received', 'requesting', 'connected'],
};

/** Magento's limit for the request token, in seconds from the last POST. */
export const consumerKeySeconds = 300;

/** How long a POST can still be signed in to: longer than Magento's limit, so that we can explain it. */
export const candidateSeconds = 900;

/** How long one exchange owns its activation: longer than three calls to a store can take. */
export const leaseSeconds = 60;

/** The lease under which an exchange is running now, if one is. */
export function liveLease(activation: Activation, now: Date): Lease | undefined {
  const held = 'lease' in activation ? activation.lease : undefined;
  return held && held.until > now ? held : undefined;
}

/** The POSTs that can still be signed in to, newest first. */
export function freshCandidates(activation: Activation, now: Date): Candidate[] {
  const oldest = now.getTime() - candidateSeconds * 1000;
  return activation.candidates
    .filter(({ receivedAt }) => receivedAt.getTime() >= oldest)
    .sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
}
