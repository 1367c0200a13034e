import { sealedActivations } from '../activation/sealed-activations.js';
import { sealedCredentials } from '../credentials/credential.js';
import type { SealedKind } from '../credentials/sealed-records.js';
import { sealedSecondFactors } from '../second-factor/second-factor.js';

/** Every kind of record that outlives a key. What a session holds sealed is worth nothing any more after 15 minutes. */
export function sealedKinds(prefix: string): readonly SealedKind[] {
  return [sealedCredentials(prefix), sealedActivations(prefix), sealedSecondFactors(prefix)];
}
