import { createHash } from 'node:crypto';
import { candidatePlace } from './places.js';
import type { KeyRing } from '../credentials/key-ring.js';
import { freshCandidates, liveLease, type Activation, type Candidate } from './activation.js';
import type { ActivationStore } from './activation-store.js';

/** What an activation POST brought, checked and normalised. */
export interface ReceivedFields {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly verifier: string;
  readonly storeBaseUrl: string;
}

/** At most so many POSTs of one store, and so many stores, stand side by side under one consumer key. */
const perOrigin = 3;
const origins = 4;

/** Keeps an activation POST, sealed, beside others for the same key. When this resolves, Redis has it. */
export async function receiveActivation(
  deps: { readonly activations: ActivationStore; readonly ring: KeyRing; readonly now: () => Date },
  fields: ReceivedFields,
  from: string,
): Promise<void> {
  const candidate = sealCandidate(deps.ring, fields, from, deps.now());
  await deps.activations.receive(fields.consumerKey, (current) =>
    withCandidate(current, candidate, fields.consumerKey, deps.now()),
  );
}

function sealCandidate(
  ring: KeyRing,
  { consumerKey, consumerSecret, verifier, storeBaseUrl }: ReceivedFields,
  from: string,
  receivedAt: Date,
): Candidate {
  const place = candidatePlace(consumerKey, storeBaseUrl);
  return {
    id: createHash('sha256')
      .update([storeBaseUrl, consumerSecret, verifier].join(' '))
      .digest('base64url'),
    storeBaseUrl,
    consumerSecret: ring.seal(consumerSecret, place('consumerSecret')),
    verifier: ring.seal(verifier, place('verifier')),
    receivedAt,
    from,
  };
}

/**
 * The record after a POST. An identical POST refreshes the clock; another one stands beside the first, since
 * nothing proves which is genuine. It changes nothing that matters: not a connected store, not an exchange
 * that is running, not a request token that is held.
 */
export function withCandidate(
  current: Activation | undefined,
  candidate: Candidate,
  consumerKey: string,
  now: Date,
): Activation {
  if (!current) {
    return { version: 1, consumerKey, state: 'received', candidates: [candidate] };
  }
  const version = current.version + 1;
  if (current.state === 'connected' && current.candidateId === candidate.id) {
    return { ...current, version };
  }
  const fresh = freshCandidates(current, now);
  const candidates = placed(fresh, candidate);
  if (current.state === 'connected' || liveLease(current, now)) {
    return { ...current, version, candidates };
  }
  const heldToken = 'heldToken' in current ? current.heldToken : undefined;
  const isExpired = fresh.length === 0 && !heldToken;
  const claimedBy = isExpired ? undefined : current.claimedBy;
  return { version, consumerKey, state: 'received', candidates, heldToken, claimedBy };
}

/** Puts a candidate into its place: its twin's, a free one, or the oldest's of its own store before a foreign one's. */
function placed(candidates: readonly Candidate[], newest: Candidate): Candidate[] {
  const others = candidates.filter(({ id }) => id !== newest.id);
  const sameStore = others.filter((other) => originOf(other) === originOf(newest));
  const stores = new Set(others.map(originOf));
  if (sameStore.length >= perOrigin)
    return [...others.filter((other) => other !== oldest(sameStore)), newest];
  if (sameStore.length > 0 || stores.size < origins) return [...others, newest];
  const fullest = [...stores]
    .map((origin) => others.filter((other) => originOf(other) === origin))
    .reduce((most, some) => (some.length > most.length ? some : most));
  return [...others.filter((other) => !fullest.includes(other)), newest];
}

function oldest(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (first, next) => (first && first.receivedAt <= next.receivedAt ? first : next),
    undefined,
  );
}

function originOf({ storeBaseUrl }: Candidate): string {
  return new URL(storeBaseUrl).origin;
}
