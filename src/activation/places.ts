import type { SealedPlace } from '../credentials/key-ring.js';

/** Where the secrets of a candidate, and of the request token it led to, are at home. */
export function candidatePlace(consumerKey: string, storeBaseUrl: string) {
  const storeOrigin = new URL(storeBaseUrl).origin;
  return (field: string): SealedPlace => ({ kind: 'activation', consumerKey, field, storeOrigin });
}
