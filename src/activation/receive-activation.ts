import { hash } from 'node:crypto';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { KeyRing } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import {
  freshCandidates,
  heldTokenOf,
  leaseOf,
  type Activation,
  type Candidate,
} from './activation.js';
import { sealSecrets } from './candidate-secrets.js';
import { withPlaceFor } from './candidate-places.js';
import type { ActivationStore } from './activation-store.js';
import type { Admission, PendingLimits } from './pending-limits.js';

/** What an activation POST brought, checked and normalised. */
export interface ReceivedFields {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly verifier: string;
  readonly storeBaseUrl: string;
  /** Whose own address it was sent to; absent: to the common one. */
  readonly account?: string | undefined;
}

/** Magento waits 5 s in all, for the network too. A command to Redis takes a second at the most. */
const answerMs = 1_100;

export interface ReceiveDeps {
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly pending: PendingLimits;
  readonly ring: KeyRing;
  readonly now: () => Date;
}

/**
 * Keeps an activation POST, sealed, beside others for the same key. When this resolves, Redis has it. `from` is the
 * client's address, and `readAt` (of `performance.now`) when the POST had come in. Answers whether the key is a connected
 * store's.
 *
 * @throws AppError `too_many_pending`, having changed no record; `redis_unavailable` `answerMs` after `readAt` at the latest,
 * when it may be stored or not, as with an error of Redis itself.
 */
export async function receiveActivation(
  deps: ReceiveDeps,
  fields: ReceivedFields,
  from: string,
  readAt = performance.now(),
): Promise<{ readonly isConnected: boolean }> {
  const candidate = sealCandidate(deps.ring, fields, from, deps.now());
  const giveUpAt = readAt + answerMs;
  const work = Promise.all([
    deps.credentials.has(fields.consumerKey),
    keep(deps, fields.consumerKey, candidate, giveUpAt),
  ]);
  const [isConnected] = await inTime(work, giveUpAt);
  return { isConnected };
}

/** One round trip in the usual case, a key that is new: the place and the record are asked for together. */
async function keep(
  { activations, pending, now }: ReceiveDeps,
  consumerKey: string,
  candidate: Candidate,
  giveUpAt: number,
): Promise<void> {
  const recordAfter = (current: Activation | undefined) =>
    withCandidate(current, candidate, consumerKey, now());
  const first = recordAfter(undefined);
  const asking = pending.admit(consumerKey, candidate.from);
  // In a flood, what would have to be taken back is not written.
  if (pending.isRefusing()) refuseWithoutPlace(await asking);
  const [asked, insertion] = await Promise.allSettled([asking, activations.insert(first)]);
  const isInserted = insertion.status === 'fulfilled' && insertion.value;
  // Nobody knows whether it has a place. What was written stays: Magento ignores our answer and opens the popup.
  if (asked.status === 'rejected') throw asked.reason;
  try {
    refuseWithoutPlace(asked.value);
  } catch (error) {
    if (isInserted) await activations.takeBack(first);
    throw error;
  }
  if (insertion.status === 'rejected') {
    if (asked.value === 'new') {
      void pending.release(consumerKey, [candidate.from]).catch(() => undefined);
    }
    throw insertion.reason;
  }
  if (!isInserted) await activations.receive(consumerKey, recordAfter, giveUpAt);
}

function refuseWithoutPlace(admission: Admission): void {
  if (admission === 'full') {
    throw new AppError('too_many_pending', 'MAX_PENDING activations wait');
  }
  if (admission === 'address-full') {
    throw new AppError('too_many_pending', 'a tenth of MAX_PENDING waits for this client address');
  }
}

/** What the work comes to, or a rejection at this time; the work itself goes on, unheard. */
function inTime<Result>(work: Promise<Result>, giveUpAt: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new AppError('redis_unavailable', `not stored within ${answerMs} ms`));
    }, giveUpAt - performance.now());
    work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

function sealCandidate(
  ring: KeyRing,
  { consumerKey, consumerSecret, verifier, storeBaseUrl, account }: ReceivedFields,
  from: string,
  receivedAt: Date,
): Candidate {
  const place = { consumerKey, storeBaseUrl };
  const words = [
    storeBaseUrl,
    consumerSecret,
    verifier,
    ...(account === undefined ? [] : [account]),
  ];
  return {
    id: hash('sha256', words.join(' '), 'base64url'),
    storeBaseUrl,
    secrets: sealSecrets(ring, place, { consumerSecret, verifier }),
    receivedAt,
    from,
    account,
  };
}

/**
 * The record after a POST. An identical POST refreshes the clock; another one stands beside the first, since
 * nothing proves which is genuine. It changes nothing that matters: not a connected store, not an exchange
 * that is running, not a request token that is held. One for another account than that which has signed in leaves
 * everything but itself as it is.
 */
function withCandidate(
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
  const claimants = fresh.filter(
    ({ account }) => account === undefined || account === current.claimedBy,
  );
  const isExpired = claimants.length === 0 && !heldToken;
  const { generation } = current;
  const claimedBy = isExpired ? undefined : current.claimedBy;
  const isForOther = candidate.account !== undefined && candidate.account !== claimedBy;
  if (isForOther && claimedBy !== undefined) return { ...current, version, candidates };
  return { version, consumerKey, generation, state: 'received', candidates, heldToken, claimedBy };
}

/** The POST that an exchange stands on until it holds a token of its own. */
function idInUse(activation: Activation): string | undefined {
  return activation.state === 'requesting' ? activation.candidateId : undefined;
}
