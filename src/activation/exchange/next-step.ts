import { AppError } from '../../errors.js';
import {
  freshCandidates,
  heldTokenOf,
  liveLease,
  originOf,
  type Activation,
  type Candidate,
  type HeldToken,
  type Lease,
} from '../activation.js';
import { byOrigin } from '../candidate-places.js';
import { postsThatCount } from '../posts-that-count.js';
import type { Means } from './exchange.js';
import type { Situation } from './situation.js';

/** What a sign-in leads to. */
export type NextStep =
  | { readonly act: 'return' }
  | { readonly act: 'wait'; readonly lease: Lease }
  | { readonly act: 'exchange'; readonly means: Means };

/**
 * Decides what a sign-in has to do, from the records alone.
 *
 * @throws AppError `exchange_under_way`, `activation_unknown`, `activation_expired`, `addresses_mixed`,
 *   `store_ambiguous`, `disconnected`, or the diagnosis of the last exchange
 */
export function nextStep(situation: Situation): NextStep {
  const { activation, credential, notice, now } = situation;
  const lease = activation && liveLease(activation, now);
  if (lease && 'failure' in activation && activation.failure) {
    throw new AppError('exchange_under_way', 'an access call may still be under way at the store');
  }
  if (lease) return { act: 'wait', lease };

  const means = meansOf(situation);
  if (means.heldToken !== undefined || means.candidates.length > 0) {
    return { act: 'exchange', means };
  }
  if (activation?.state === 'needs-reauthorize' || activation?.state === 'needs-recreate') {
    throw new AppError(activation.failure.code, `the activation ${activation.state}`);
  }
  if (notice?.lastPost?.verdict === 'superseded') {
    throw new AppError('activation_expired', 'the stored access is dead, and no POST is left');
  }
  if (credential) return { act: 'return' };
  if (activation?.state === 'disconnected' || activation?.state === 'connected') {
    throw new AppError('disconnected', 'the credential of this activation was disconnected');
  }
  if (activation && freshCandidates(activation, now).length > 0) {
    throw new AppError(
      'addresses_mixed',
      'its POSTs went to an address that this popup is not for',
    );
  }
  if (activation || situation.wasAnnounced) {
    throw new AppError('activation_expired', 'its POST is more than 15 minutes old');
  }
  throw new AppError('activation_unknown', 'nothing was announced with this consumer key');
}

/**
 * @throws AppError `account_not_allowed` when another account has claimed the activation or holds the store, or the
 *   popup was opened at another's own address.
 */
export function checkAccount(
  account: string,
  { activation, credential, invited }: Pick<Situation, 'activation' | 'credential' | 'invited'>,
): void {
  const claimedBy = activation?.state === 'connected' ? undefined : activation?.claimedBy;
  const owner = credential?.account ?? claimedBy;
  if ([owner, invited].some((name) => name !== undefined && name !== account)) {
    throw new AppError('account_not_allowed', 'the integration belongs to another account');
  }
}

/**
 * What an exchange would have to work with: the POSTs that count, of one store, newest first. When a request token
 * of that store is held it comes first, and only what came since may buy another.
 */
function meansOf(situation: Situation): Means {
  const stores = candidatesByStore(situation);
  const held = heldTokenThatCounts(situation, stores);
  const isElsewhere =
    held && stores.has(situation.wantedOrigin) && originOf(held) !== situation.wantedOrigin;
  const heldToken = isElsewhere ? undefined : held;
  const candidates =
    stores.get(heldToken ? originOf(heldToken) : situation.wantedOrigin) ??
    (heldToken ? [] : onlyStore(stores));
  return { heldToken, candidates: heldToken ? newerThan(heldToken, candidates) : candidates };
}

/** The request token that is held, if it was bought with a POST that would count here, or from a store whose POSTs do. */
function heldTokenThatCounts(
  situation: Situation,
  stores: ReadonlyMap<string, Candidate[]>,
): HeldToken | undefined {
  const held = situation.activation && heldTokenOf(situation.activation);
  if (!held || stores.has(originOf(held))) return held;
  const posts = [...stores.values()].flat();
  return postsThatCount(situation, [...posts, held]).includes(held) ? held : undefined;
}

/**
 * The POSTs that a sign-in may stand on, by the origin of the store they name. Of a store that was ever connected only
 * those with its proven secret count, since key and secret never change.
 */
function candidatesByStore(situation: Situation): Map<string, Candidate[]> {
  const { activation, credential, isProven, now } = situation;
  const fresh = postsThatCount(situation, activation ? freshCandidates(activation, now) : []);
  return byOrigin(
    credential ? fresh.filter((candidate) => isProven(candidate, credential)) : fresh,
  );
}

function onlyStore(stores: ReadonlyMap<string, Candidate[]>): Candidate[] {
  if (stores.size > 1) {
    throw new AppError('store_ambiguous', 'several stores announced this consumer key');
  }
  return [...stores.values()].flat();
}

function newerThan({ obtainedAt }: HeldToken, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ receivedAt }) => receivedAt > obtainedAt);
}

/**
 * The base URLs of the stores that a sign-in could connect, or is connected to already: more than one where several
 * announced themselves and none is the one that the popup came from.
 *
 * @throws AppError as `nextStep`, where there is none
 */
export function storesAsking(situation: Situation): string[] {
  const { activation, credential } = situation;
  try {
    const step = nextStep({ ...situation, activation: activation && withoutLease(activation) });
    if (step.act !== 'exchange') return [credential?.storeBaseUrl ?? ''];
    const { heldToken, candidates } = step.means;
    return [heldToken?.storeBaseUrl ?? candidates[0]?.storeBaseUrl ?? ''];
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'store_ambiguous')) throw error;
    const stores = [...candidatesByStore(situation).values()];
    return stores.map(([newest]) => newest?.storeBaseUrl ?? '');
  }
}

function withoutLease(activation: Activation): Activation {
  return 'lease' in activation && activation.lease
    ? { ...activation, lease: { ...activation.lease, until: new Date(0) } }
    : activation;
}
