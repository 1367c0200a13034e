import type { ChangeSealed, SealedKind } from '../credentials/sealed-records.js';
import {
  activationRecord,
  heldTokenOf,
  type Activation,
  type Candidate,
  type HeldToken,
} from './activation.js';
import { candidatePlace } from './places.js';

/** What the key of an activation's record begins with; the consumer key follows in braces. */
export function activationKeys(prefix: string): string {
  return `${prefix}activation:`;
}

/** Where activations keep what is sealed: in their candidates, and in the request token that is held. */
export function sealedActivations(prefix: string): SealedKind {
  return {
    name: 'activation',
    keys: activationKeys(prefix),
    map(json, change) {
      const activation = activationRecord.parse(json);
      const heldToken = heldTokenOf(activation);
      return {
        ...activation,
        candidates: activation.candidates.map((candidate) =>
          changedCandidate(activation, candidate, change),
        ),
        ...(heldToken && { heldToken: changedToken(activation, heldToken, change) }),
      };
    },
  };
}

function changedCandidate(
  { consumerKey }: Activation,
  candidate: Candidate,
  change: ChangeSealed,
): Candidate {
  const place = candidatePlace(consumerKey, candidate.storeBaseUrl);
  return { ...candidate, secrets: change(candidate.secrets, place('secrets')) };
}

/** The request token of this integration with every secret in it changed. */
export function changedToken(
  { consumerKey }: Pick<Activation, 'consumerKey'>,
  held: HeldToken,
  change: ChangeSealed,
): HeldToken {
  const place = candidatePlace(consumerKey, held.storeBaseUrl);
  return {
    ...held,
    consumerSecret: change(held.consumerSecret, place('requestToken.consumerSecret')),
    token: change(held.token, place('requestToken')),
    tokenSecret: change(held.tokenSecret, place('requestTokenSecret')),
    verifiers: held.verifiers.map(({ candidateId, verifier }) => ({
      candidateId,
      verifier: change(verifier, place('requestToken.verifier')),
    })),
  };
}
