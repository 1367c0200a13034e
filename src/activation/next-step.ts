import type { Credential } from '../credentials/credential.js';
import { AppError } from '../errors.js';
import {
  freshCandidates,
  liveLease,
  type Activation,
  type Candidate,
  type HeldToken,
  type Lease,
} from './activation.js';
import type { Situation } from './situation.js';

/** What a sign-in leads to. */
export type NextStep =
  | { readonly act: 'return' }
  | { readonly act: 'wait'; readonly lease: Lease }
  /** `otherwise` came after the token was obtained: should Magento no longer know the token, it asks anew. */
  | { readonly act: 'access'; readonly heldToken: HeldToken; readonly otherwise?: Candidate }
  | { readonly act: 'request'; readonly candidate: Candidate };

/**
 * Decides what a sign-in has to do, from the records alone.
 *
 * @throws AppError `exchange_under_way`, `activation_unknown`, `store_ambiguous`, `disconnected`, or the diagnosis of the last exchange
 */
export function nextStep(situation: Situation): NextStep {
  const { activation, credential, now } = situation;
  const lease = activation && liveLease(activation, now);
  if (lease && 'failure' in activation && activation.failure) {
    throw new AppError('exchange_under_way', 'an access call may still be under way at the store');
  }
  if (lease) return { act: 'wait', lease };

  const candidate = activation && chosenCandidate(situation);
  const heldToken = activation && 'heldToken' in activation ? activation.heldToken : undefined;
  if (heldToken) {
    return candidate && candidate.receivedAt > heldToken.obtainedAt
      ? { act: 'access', heldToken, otherwise: candidate }
      : { act: 'access', heldToken };
  }
  if (candidate) return { act: 'request', candidate };
  if (activation?.state === 'needs-reauthorize' || activation?.state === 'needs-recreate') {
    throw new AppError(activation.failure.code, `the activation ${activation.state}`);
  }
  if (credential) return { act: 'return' };
  if (activation?.state === 'connected') {
    throw new AppError('disconnected', 'the credential of this activation was disconnected');
  }
  throw new AppError('activation_unknown', 'no activation that can be signed in to');
}

/** @throws AppError `account_not_allowed` when another account has claimed the activation or holds the store. */
export function checkAccount(
  account: string,
  activation: Activation | undefined,
  credential: Credential | undefined,
): void {
  const claimedBy = activation?.state === 'connected' ? undefined : activation?.claimedBy;
  const owner = credential?.account ?? claimedBy;
  if (owner !== undefined && owner !== account) {
    throw new AppError('account_not_allowed', 'the integration belongs to another account');
  }
}

/**
 * The POST a sign-in stands on, the newest of those that count. Of a store that was ever connected only those
 * with its proven secret do, since key and secret never change; otherwise those of the store that the popup
 * came from; and with one store alone there is nothing to choose.
 */
function chosenCandidate(situation: Situation): Candidate | undefined {
  const { activation, credential, callbackOrigin, isProven, now } = situation;
  if (!activation) return undefined;
  const fresh = freshCandidates(activation, now);
  if (credential) return fresh.find((candidate) => isProven(candidate, credential));
  const [newest] = fresh;
  const fromPopup = fresh.find((candidate) => originOf(candidate) === callbackOrigin);
  if (fromPopup || !newest) return fromPopup;
  if (fresh.some((candidate) => originOf(candidate) !== originOf(newest))) {
    throw new AppError('store_ambiguous', 'several stores announced this consumer key');
  }
  return newest;
}

/** The base URL of the store that a sign-in would connect, or is connected already. */
export function storeAsking(situation: Situation): string {
  const step = nextStep({
    ...situation,
    activation: situation.activation && withoutLease(situation.activation),
  });
  if (step.act === 'access') return step.heldToken.storeBaseUrl;
  if (step.act === 'request') return step.candidate.storeBaseUrl;
  return situation.credential?.storeBaseUrl ?? '';
}

function withoutLease(activation: Activation): Activation {
  return 'lease' in activation && activation.lease
    ? { ...activation, lease: { ...activation.lease, until: new Date(0) } }
    : activation;
}

function originOf({ storeBaseUrl }: Candidate): string {
  return new URL(storeBaseUrl).origin;
}
