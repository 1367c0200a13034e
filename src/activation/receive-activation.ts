import { createHash } from 'node:crypto';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { KeyRing } from '../credentials/key-ring.js';
import {
  freshCandidates,
  heldTokenOf,
  leaseOf,
  type Activation,
  type Candidate,
} from './activation.js';
import { withPlaceFor } from './candidate-places.js';
import type { ActivationStore } from './activation-store.js';
import { candidatePlace } from './places.js';

/** What an activation POST brought, checked and normalised. */
export interface ReceivedFields {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly verifier: string;
  readonly storeBaseUrl: string;
}

/**
 * Keeps an activation POST, sealed, beside others for the same key. When this resolves, Redis has it. Answers whether
 * the key is a connected store's.
 */
export async function receiveActivation(
  deps: {
    readonly activations: ActivationStore;
    readonly credentials: Pick<CredentialStore, 'has'>;
    readonly ring: KeyRing;
    readonly now: () => Date;
  },
  fields: ReceivedFields,
  from: string,
): Promise<{ readonly isConnected: boolean }> {
  const candidate = sealCandidate(deps.ring, fields, from, deps.now());
  const [, isConnected] = await Promise.all([
    deps.activations.receive(fields.consumerKey, (current) =>
      withCandidate(current, candidate, fields.consumerKey, deps.now()),
    ),
    deps.credentials.has(fields.consumerKey),
  ]);
  return { isConnected };
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
    return { version: 1, consumerKey, generation: 0, state: 'received', candidates: [candidate] };
  }
  const version = current.version + 1;
  if (current.state === 'connected' && current.candidateId === candidate.id) {
    return { ...current, version };
  }
  const fresh = freshCandidates(current, now);
  const candidates = withPlaceFor(fresh, candidate, idInUse(current));
  // Where an owner died, what it announced stays announced until somebody has asked the store what came of it.
  if (current.state === 'connected' || leaseOf(current)) return { ...current, version, candidates };
  const heldToken = heldTokenOf(current);
  const isExpired = fresh.length === 0 && !heldToken;
  const { generation } = current;
  const claimedBy = isExpired ? undefined : current.claimedBy;
  return { version, consumerKey, generation, state: 'received', candidates, heldToken, claimedBy };
}

/** The POST that an exchange stands on until it holds a token of its own. */
function idInUse(activation: Activation): string | undefined {
  return activation.state === 'requesting' ? activation.candidateId : undefined;
}
