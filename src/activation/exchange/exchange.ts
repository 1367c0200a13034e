import type { KeyRing } from '../../credentials/key-ring.js';
import { AppError, type ErrorCode } from '../../errors.js';
import { checkConnection } from '../../magento/check-connection.js';
import type { SignedCallDeps } from '../../magento/signed-call.js';
import { fetchAccessToken, fetchRequestToken } from '../../magento/token-exchange.js';
import {
  heldTokenOf,
  isSameToken,
  newestFirst,
  originOf,
  type Activation,
  type Candidate,
  type HeldToken,
} from '../activation.js';
import { openSecrets } from '../candidate-secrets.js';
import { candidatePlace } from '../places.js';
import { isUnanswered, isUnavailable, isWrongCandidate } from './call-endings.js';
import {
  keepGrant,
  keepRequestToken,
  storeGrant,
  type Grant,
  type KeepDeps,
} from './keep-token.js';
import { changeOwn, common, newLease, refresh, type Ownership } from './ownership.js';
import { settled } from './settled.js';
import { isStillConnected } from './still-connected.js';

export interface ExchangeDeps extends SignedCallDeps, KeepDeps {
  readonly ring: KeyRing;
}

/** What an exchange has to work with: a request token from before, and POSTs whose verifiers may buy one, newest first. */
export interface Means {
  readonly heldToken: HeldToken | undefined;
  readonly candidates: readonly Candidate[];
}

/**
 * Exchanges what there is for an access token and stores the credential. Each step is in the record before the call
 * that it announces. When this resolves, a credential is stored; when it throws, the record says why, and the
 * lease is given up unless an access call may still be under way at the store.
 *
 * @throws AppError of the call that ended it; `grant_lost` when an access call ended without a status line;
 *   `exchange_under_way`, `disconnected`, `token_kept`
 */
export async function runExchange(deps: ExchangeDeps, own: Ownership, means: Means): Promise<void> {
  try {
    await exchange(deps, own, means);
  } catch (error) {
    if (!(error instanceof AppError) || leaveRecord.has(error.code)) throw error;
    const isUnderWay = own.record.state === 'accessing' && isUnanswered(error);
    if (!isUnderWay && (await isStillConnected(deps, own))) return;
    await changeOwn(deps, own, (current) => settled(current, error.code, deps.now()));
    if (!isUnderWay) throw error;
    throw new AppError('grant_lost', 'the access call ended without an answer', { cause: error });
  }
}

/** Ends of an attempt of which the record must say nothing: it is another's, or goes on later. */
const leaveRecord = new Set<ErrorCode>([
  'exchange_under_way',
  'disconnected',
  'activation_unknown',
  'token_kept',
  'stopping',
]);

async function exchange(deps: ExchangeDeps, own: Ownership, means: Means): Promise<void> {
  const { heldToken, candidates } = means;
  const refusal = heldToken && (await refusalOf(obtainCredential(deps, own, heldToken)));
  if (heldToken && !refusal) return;
  if (refusal && candidates.length === 0) throw refusal;
  // A token that the store no longer knows is not kept beside the next; one refused for another reason is.
  const keepHeld = refusal?.code !== 'already_granted';
  try {
    await obtainCredential(deps, own, await obtainRequestToken(deps, own, candidates, keepHeld));
  } catch (error) {
    const late = await lateRequestToken(deps, own, heldToken, error);
    if (!late) throw error;
    await obtainCredential(deps, own, late);
  }
}

/**
 * The answer by which a store refused a held token, so that a newer verifier may buy another. What it says need not
 * be known: a store in another language speaks of a token it no longer holds in words of its own.
 */
async function refusalOf(call: Promise<void>): Promise<AppError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError) || leaveRecord.has(error.code) || isUnavailable(error)) {
      throw error;
    }
    return error;
  }
}

/** A request token that another attempt's call brought after all, when the verifier turns out to be spent. */
async function lateRequestToken(
  deps: ExchangeDeps,
  own: Ownership,
  before: HeldToken | undefined,
  error: unknown,
): Promise<HeldToken | undefined> {
  if (!(error instanceof AppError && error.code === 'verifier_spent')) return undefined;
  await refresh(deps, own);
  const heldToken = heldTokenOf(own.record);
  if (!heldToken || isSameToken(heldToken, before)) return undefined;
  await changeOwn(deps, own, (current) => ({
    ...common(current),
    state: 'authorized',
    heldToken,
    lease: newLease(deps, own.attempt.id),
  }));
  return heldToken;
}

/**
 * Asks for a request token with each candidate's secret in turn, until the store knows one. The token is stored, with
 * the verifiers of all candidates of that secret, before this resolves: a lost one wedges the integration.
 *
 * @throws AppError of the first call, when none had another end.
 */
async function obtainRequestToken(
  deps: ExchangeDeps,
  own: Ownership,
  candidates: readonly Candidate[],
  keepHeld: boolean,
): Promise<HeldToken> {
  const { consumerKey } = own.attempt;
  const tried = new Set<string>();
  let refusal: unknown;
  for (const candidate of candidates) {
    const { storeBaseUrl } = candidate;
    const { consumerSecret } = openSecrets(deps.ring, consumerKey, candidate);
    if (tried.has(`${storeBaseUrl} ${consumerSecret}`)) continue;
    tried.add(`${storeBaseUrl} ${consumerSecret}`);
    await announceRequest(deps, own, candidate, keepHeld);
    const obtainedAt = deps.now();
    try {
      const token = await fetchRequestToken(deps, { storeBaseUrl, consumerKey, consumerSecret });
      const place = candidatePlace(consumerKey, storeBaseUrl);
      const sealedToken = {
        storeBaseUrl,
        obtainedAt,
        account: candidate.account,
        consumerSecret: deps.ring.seal(consumerSecret, place('requestToken.consumerSecret')),
        token: deps.ring.seal(token.token, place('requestToken')),
        tokenSecret: deps.ring.seal(token.tokenSecret, place('requestTokenSecret')),
      };
      return await keepRequestToken(deps, own, (current) => ({
        ...sealedToken,
        verifiers: verifiersFor(deps.ring, current, candidate, consumerSecret),
      }));
    } catch (error) {
      if (!(error instanceof AppError && isWrongCandidate(error))) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

async function announceRequest(
  deps: ExchangeDeps,
  own: Ownership,
  { id, storeBaseUrl }: Candidate,
  keepHeld: boolean,
): Promise<void> {
  const { record } = own;
  if (record.state === 'requesting' && record.candidateId === id) return;
  await changeOwn(deps, own, (current) => ({
    ...common(current),
    state: 'requesting',
    candidateId: id,
    storeOrigin: originOf({ storeBaseUrl }),
    heldToken: keepHeld ? heldTokenOf(current) : undefined,
    lease: newLease(deps, own.attempt.id),
  }));
}

/** The verifiers that may belong to a request token: of the POST which bought it, then of its twins, newest first. */
function verifiersFor(
  ring: KeyRing,
  { candidates, consumerKey }: Activation,
  bought: Candidate,
  consumerSecret: string,
): HeldToken['verifiers'] {
  const opened = (candidate: Candidate) => openSecrets(ring, consumerKey, candidate);
  const twins = newestFirst(candidates).filter(
    (candidate) =>
      candidate.id !== bought.id &&
      candidate.account === bought.account &&
      originOf(candidate) === originOf(bought) &&
      opened(candidate).consumerSecret === consumerSecret,
  );
  const place = candidatePlace(consumerKey, bought.storeBaseUrl)('requestToken.verifier');
  return [bought, ...twins].map((candidate) => ({
    candidateId: candidate.id,
    verifier: ring.seal(opened(candidate).verifier, place),
  }));
}

/**
 * Exchanges a held request token for the access token and stores the credential. Magento checks the verifier before
 * it changes anything, so that one it does not take costs nothing and the next may be tried.
 *
 * @throws AppError of the call.
 */
async function obtainCredential(
  deps: ExchangeDeps,
  own: Ownership,
  heldToken: HeldToken,
): Promise<void> {
  const { consumerKey } = own.attempt;
  const { storeBaseUrl, obtainedAt } = heldToken;
  const place = candidatePlace(consumerKey, storeBaseUrl);
  const open = (sealed: HeldToken['token'], field: string) => deps.ring.open(sealed, place(field));
  const consumerSecret = open(heldToken.consumerSecret, 'requestToken.consumerSecret');
  const consumer = { storeBaseUrl, consumerKey, consumerSecret };
  let refusal: unknown;
  for (const { candidateId, verifier } of heldToken.verifiers) {
    const requestToken = {
      token: open(heldToken.token, 'requestToken'),
      tokenSecret: open(heldToken.tokenSecret, 'requestTokenSecret'),
      verifier: open(verifier, 'requestToken.verifier'),
    };
    await changeOwn(deps, own, (current) => ({
      ...common(current),
      state: 'accessing',
      heldToken: asKept(current, heldToken),
      lease: newLease(deps, own.attempt.id),
    }));
    try {
      const { token, tokenSecret } = await fetchAccessToken(deps, consumer, requestToken);
      const credential = deps.credentials.seal({
        ...consumer,
        account: own.attempt.account,
        connectedAt: deps.now(),
        accessToken: token,
        accessTokenSecret: tokenSecret,
      });
      await conclude(deps, { attempt: own.attempt, candidateId, obtainedAt, credential });
      return;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'verifier_refused')) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** The token as the record holds it now: it may have been sealed anew since it was read. */
function asKept(current: Activation, heldToken: HeldToken): HeldToken {
  const kept = heldTokenOf(current);
  return kept && isSameToken(kept, heldToken) ? kept : heldToken;
}

/** Keeps a grant; beside what another attempt has got meanwhile, the one that works. */
async function conclude(deps: ExchangeDeps, grant: Grant): Promise<void> {
  const kept = await keepGrant(deps, grant);
  if (kept === 'disconnected') {
    throw new AppError('disconnected', 'the store was disconnected during the exchange');
  }
  if (kept === 'kept') return;
  const { credential } = grant;
  const check = await checkConnection(deps, {
    ...credential,
    ...deps.credentials.open({ ...credential, version: 1 }),
  });
  const works = check.result === 'connected' || check.result === 'connected_without_permission';
  if (works) await storeGrant(deps, grant, { isProven: true });
  else if (kept === 'unproven') {
    throw new AppError('exchange_under_way', 'a later exchange has begun, and this grant is dead');
  }
}
