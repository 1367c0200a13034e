import type { Credential } from '../../credentials/credential.js';
import type { CredentialStore } from '../../credentials/credential-store.js';
import type { Notice, NoticeStore } from '../../credentials/notice-store.js';
import type { KeyRing } from '../../credentials/key-ring.js';
import type { Activation, Candidate } from '../activation.js';
import type { ActivationStore } from '../activation-store.js';
import type { PendingLimits } from '../pending-limits.js';
import { openSecrets } from '../candidate-secrets.js';

export interface SituationDeps {
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly notices: NoticeStore;
  readonly pending: PendingLimits;
  readonly ring: KeyRing;
  readonly now: () => Date;
}

/** What a decision about an integration rests on. */
export interface Situation {
  readonly activation: Activation | undefined;
  readonly credential: Credential | undefined;
  /** What POSTs led to since that credential was stored. */
  readonly notice: Notice | undefined;
  /** Whether a POST that is gone has announced it, where there is neither of the first two. */
  readonly wasAnnounced: boolean;
  /** The origin that the store should have: that of `success_call_back`, or the one the merchant chose. */
  readonly wantedOrigin: string;
  /** The account at whose own address the popup was opened; absent: at the common one. */
  readonly invited: string | undefined;
  readonly now: Date;
  /** Whether a candidate has the consumer secret that the connected store has proved. */
  readonly isProven: (candidate: Candidate, credential: Credential) => boolean;
}

/** What a situation is asked for: the integration, and in whose name. */
export type Subject = Pick<Situation, 'wantedOrigin' | 'invited'> & {
  readonly consumerKey: string;
};

/** Everything the records say about an integration, at this moment. */
export async function situationOf(
  deps: SituationDeps,
  { consumerKey, wantedOrigin, invited }: Subject,
): Promise<Situation> {
  // Asked in this order: an activation that says connected then has its credential, which is written with it.
  const [activation, credential] = await Promise.all([
    deps.activations.find(consumerKey),
    deps.credentials.find(consumerKey),
  ]);
  const notice = credential && (await deps.notices.find(credential));
  const wasAnnounced = !activation && !credential && (await deps.pending.wasAnnounced(consumerKey));
  const isProven = (candidate: Candidate, proof: Credential) =>
    openSecrets(deps.ring, consumerKey, candidate).consumerSecret ===
    deps.credentials.open(proof).consumerSecret;
  const now = deps.now();
  return { activation, credential, notice, wasAnnounced, wantedOrigin, invited, now, isProven };
}
