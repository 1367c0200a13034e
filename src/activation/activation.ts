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
  /** Consumer secret and verifier. */
  secrets: sealed,
  receivedAt: date,
  /** The address it came from. */
  from: z.string(),
  /** When a popup of its store was opened: somebody is about to sign in to it. */
  openedAt: date.optional(),
  /** Whose own address it was sent to, and for whom alone it counts; absent: to the common address. */
  account: z.string().optional(),
});

/** A request token that a store gave us, with everything needed to exchange it however much later. */
export const heldTokenRecord = z.object({
  storeBaseUrl: z.string(),
  obtainedAt: date,
  consumerSecret: sealed,
  token: sealed,
  tokenSecret: sealed,
  /** That of the POST which bought it. */
  account: z.string().optional(),
  /** Of every POST with this secret, newest first: only the store knows which of them is its own. */
  verifiers: z.array(z.object({ candidateId: z.string(), verifier: sealed })),
});

/** The right to run this activation's exchange, for a while; `attempt` is its owner's. */
const lease = z.object({ attempt: z.string(), until: date });

/** Why the last exchange did not end in a connection. */
const failure = z.object({ code: z.enum(errorCodes), at: date });

const common = {
  version: z.int().min(1),
  consumerKey: z.string(),
  candidates: z.array(candidate),
  /** The account that signed in first, until the activation is connected or expires. */
  claimedBy: z.string().optional(),
  /** How often the store was disconnected. What an exchange of an earlier generation brings is not kept. */
  generation: z.int().min(0),
};

/** An activation under way, as it is kept. Each state holds exactly what that state has. */
export const activationRecord = z.discriminatedUnion('state', [
  /** Magento sent us a verifier; nobody has signed in since. A request token may be left from before. */
  z.object({ ...common, state: z.literal('received'), heldToken: heldTokenRecord.optional() }),
  /** Asking for a request token: from here on the verifier may be spent. */
  z.object({
    ...common,
    state: z.literal('requesting'),
    lease,
    candidateId: z.string(),
    storeOrigin: z.string(),
    /** One from before that the store did not take, for a reason that may pass. */
    heldToken: heldTokenRecord.optional(),
  }),
  /** The request token is ours. */
  z.object({
    ...common,
    state: z.literal('authorized'),
    heldToken: heldTokenRecord,
    lease: lease.optional(),
    failure: failure.optional(),
  }),
  /** Asking for the access token: from here on it may have been granted. With a failure: no answer will come. */
  z.object({
    ...common,
    state: z.literal('accessing'),
    heldToken: heldTokenRecord,
    lease,
    failure: failure.optional(),
  }),
  /** The credential is stored. Candidates are POSTs that came since; `candidateId` is that which bought it, or empty. */
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
  /** The store was disconnected here: a tombstone, which stops an exchange that is under way. */
  z.object({ ...common, state: z.literal('disconnected'), disconnectedAt: date }),
]);

export type Activation = z.infer<typeof activationRecord>;
export type Candidate = z.infer<typeof candidate>;
export type HeldToken = z.infer<typeof heldTokenRecord>;
export type Lease = z.infer<typeof lease>;
export type State = Activation['state'];

/**
 * The legal arrows: each change of a record goes along one of them, or stays where it is. `connected` can be
 * reached from everywhere but `disconnected`: a grant that arrives late, when its lease is long another's, is kept
 * all the same. So is a request token that arrives late (`authorized`).
 */
export const arrows: Readonly<Record<State, readonly State[]>> = {
  received: ['requesting', 'authorized', 'connected', 'disconnected'],
  requesting: ['authorized', 'failed', 'needs-recreate', 'received', 'connected', 'disconnected'],
  authorized: ['accessing', 'received', 'requesting', 'connected', 'disconnected'],
  accessing: [
    'connected',
    'authorized',
    'needs-reauthorize',
    'received',
    'requesting',
    'disconnected',
  ],
  connected: ['requesting', 'authorized', 'needs-reauthorize', 'disconnected'],
  'needs-recreate': ['received', 'requesting', 'authorized', 'connected', 'disconnected'],
  'needs-reauthorize': ['received', 'requesting', 'connected', 'disconnected'],
  failed: ['received', 'requesting', 'authorized', 'connected', 'disconnected'],
  disconnected: ['received'],
};

/** Magento's limit for the request token, in seconds from the last POST. */
export const consumerKeySeconds = 300;

/** How long a POST can still be signed in to: longer than Magento's limit, so that we can explain it. */
export const candidateSeconds = 900;

/** The lease of the exchange that owns an activation, run out or not. */
export function leaseOf(activation: Activation): Lease | undefined {
  return 'lease' in activation ? activation.lease : undefined;
}

/** The lease under which an exchange is running now, if one is. */
export function liveLease(activation: Activation, now: Date): Lease | undefined {
  const lease = leaseOf(activation);
  return lease && lease.until > now ? lease : undefined;
}

/** The request token that an activation holds, if any. */
export function heldTokenOf(activation: Activation): HeldToken | undefined {
  return 'heldToken' in activation ? activation.heldToken : undefined;
}

/** Whether these are one request token, however it is sealed. */
export function isSameToken(one: HeldToken, other: HeldToken | undefined): boolean {
  return one.obtainedAt.getTime() === other?.obtainedAt.getTime();
}

/** The origin of the store that a POST names. */
export function originOf({ storeBaseUrl }: { readonly storeBaseUrl: string }): string {
  return new URL(storeBaseUrl).origin;
}

/** The POSTs that can still be signed in to, newest first. */
export function freshCandidates(activation: Activation, now: Date): Candidate[] {
  const oldest = now.getTime() - candidateSeconds * 1000;
  return newestFirst(
    activation.candidates.filter(({ receivedAt }) => receivedAt.getTime() >= oldest),
  );
}

/** POSTs in the order in which they are tried. */
export function newestFirst(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime());
}
