import type { Redis } from 'ioredis';
import type { Credential } from '../credentials/credential.js';
import type { KeyRing } from '../credentials/key-ring.js';
import type { NoticeStore } from '../credentials/notice-store.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { Logger } from '../log.js';
import { checkConnection } from '../magento/check-connection.js';
import type { SignedCallDeps } from '../magento/signed-call.js';
import { supportCode } from '../timeline/support-code.js';
import { freshCandidates, type Candidate } from './activation.js';
import type { ActivationStore } from './activation-store.js';
import { openSecrets } from './candidate-secrets.js';

export interface ProbeDeps extends SignedCallDeps {
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly notices: NoticeStore;
  readonly probes: ProbeList;
  readonly ring: KeyRing;
  readonly log: Logger;
}

/** A store is asked at most so often because of POSTs, which anybody can send. */
const betweenProbesMs = 60_000;

export type ProbeList = ReturnType<typeof probeList>;

/** The connected stores that a POST has named and that have yet to be asked, by when to ask. */
export function probeList(redis: Redis, prefix: string, now: () => Date) {
  const key = `${prefix}probes`;
  return {
    async add(consumerKey: string, at: Date): Promise<void> {
      await redis.zadd(key, at.getTime(), consumerKey);
    },
    async remove(consumerKey: string): Promise<void> {
      await redis.zrem(key, consumerKey);
    },
    due: (most: number): Promise<string[]> =>
      redis.zrangebyscore(key, '-inf', now().getTime(), 'LIMIT', 0, most),
  };
}

/**
 * Asks a connected store, with the stored token, what a POST for it was worth: Reauthorize kills the old token before
 * it posts, a forgery leaves it alive. The verdict marks and alarms, and changes nothing else. Never throws.
 */
export async function probe(deps: ProbeDeps, consumerKey: string): Promise<void> {
  try {
    const now = deps.now();
    const credential = await deps.credentials.find(consumerKey);
    if (!credential) {
      await deps.probes.remove(consumerKey);
      return;
    }
    const isClaimed = await deps.notices.change(credential, (notice) =>
      notice && now.getTime() - notice.probedAt.getTime() < betweenProbesMs
        ? undefined
        : { ...notice, probedAt: now },
    );
    // One that asked too often stands on the list until its minute is over; so does one that dies while it asks.
    await deps.probes.add(consumerKey, new Date(now.getTime() + betweenProbesMs));
    if (isClaimed) await judge(deps, credential, now);
  } catch (error) {
    deps.log.warn({ event: 'probe_failed', activation: supportCode(consumerKey), err: error });
  }
}

/** Makes up for the probes that were put off. */
export async function probeDueStores(deps: ProbeDeps): Promise<void> {
  const due = await deps.probes.due(20);
  await Promise.all(due.map((consumerKey) => probe(deps, consumerKey)));
}

async function judge(deps: ProbeDeps, credential: Credential, probedAt: Date): Promise<void> {
  const { consumerKey } = credential;
  const secrets = deps.credentials.open(credential);
  const { result } = await checkConnection(deps, { ...credential, ...secrets });
  const activation = await deps.activations.find(consumerKey);
  const posts = activation ? freshCandidates(activation, probedAt) : [];
  // What came while the store was being asked may have come after its answer.
  const post = posts.find(({ receivedAt }) => receivedAt <= probedAt);
  // A store that could not be asked stays on the list for as long as the POST is worth something.
  if (post && (result === 'unreachable' || result === 'undecided')) return;
  if (post) {
    const verdict = result === 'refused' ? 'superseded' : 'suspicious';
    // A forgery may have come after the POST of a Reauthorize, whose secret is the one that the store has proved.
    const isGenuine = (candidate: Candidate) =>
      openSecrets(deps.ring, consumerKey, candidate).consumerSecret === secrets.consumerSecret;
    const genuine = verdict === 'superseded' ? posts.find(isGenuine) : undefined;
    const { receivedAt: at, from, storeBaseUrl } = genuine ?? post;
    const lastPost = { verdict, at, from, storeBaseUrl } as const;
    await deps.notices.change(credential, () => ({ probedAt, lastPost }));
    deps.log.warn({ event: `post_${verdict}`, activation: supportCode(consumerKey), from });
  }
  if (post === posts[0]) await deps.probes.remove(consumerKey);
}
