import type { KeyRing, Sealed } from '../credentials/key-ring.js';
import { candidatePlace } from './places.js';

/** What a POST brought that nobody else may know. Neither holds a space. */
export interface CandidateSecrets {
  readonly consumerSecret: string;
  readonly verifier: string;
}

/** Seals both as one value: sealing is a good part of what a POST costs. */
export function sealSecrets(
  ring: KeyRing,
  { consumerKey, storeBaseUrl }: { readonly consumerKey: string; readonly storeBaseUrl: string },
  { consumerSecret, verifier }: CandidateSecrets,
): Sealed {
  const place = candidatePlace(consumerKey, storeBaseUrl);
  return ring.seal(`${consumerSecret} ${verifier}`, place('secrets'));
}

/** @throws AppError `sealed_unreadable` */
export function openSecrets(
  ring: KeyRing,
  consumerKey: string,
  { storeBaseUrl, secrets }: { readonly storeBaseUrl: string; readonly secrets: Sealed },
): CandidateSecrets {
  const place = candidatePlace(consumerKey, storeBaseUrl);
  const [consumerSecret = '', verifier = ''] = ring.open(secrets, place('secrets')).split(' ');
  return { consumerSecret, verifier };
}
