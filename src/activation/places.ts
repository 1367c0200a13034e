import type { KeyRing, SealedPlace } from '../credentials/key-ring.js';
import type { Candidate } from './activation.js';

/** Where the secrets of a candidate, and of the request token it led to, are at home. */
export function candidatePlace(consumerKey: string, storeBaseUrl: string) {
  const storeOrigin = new URL(storeBaseUrl).origin;
  return (field: string): SealedPlace => ({ kind: 'activation', consumerKey, field, storeOrigin });
}

/** The consumer secret that a POST brought, in clear. @throws AppError `sealed_unreadable` */
export function secretOf(ring: KeyRing, consumerKey: string, candidate: Candidate): string {
  const place = candidatePlace(consumerKey, candidate.storeBaseUrl);
  return ring.open(candidate.consumerSecret, place('consumerSecret'));
}
