import { sealedActivations } from '../activation/sealed-activations.js';
import { sealedCredentials } from '../credentials/credential.js';
import type { SealedKind } from '../credentials/sealed-records.js';

/** Every kind of record that outlives a key. What a session holds sealed is gone with its popup, in 15 minutes. */
export function sealedKinds(prefix: string): readonly SealedKind[] {
  return [sealedCredentials(prefix), sealedActivations(prefix)];
}
