import type { CredentialStore } from '../credentials/credential-store.js';
import type { KeyRing } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import { checkConnection } from '../magento/check-connection.js';
import type { SignedCallDeps } from '../magento/signed-call.js';
import { fetchAccessToken, fetchRequestToken, type Consumer } from '../magento/token-exchange.js';
import type { Token } from '../magento/token-reply.js';
import type { Activation, Candidate, HeldToken, Lease } from './activation.js';
import { leaseSeconds } from './activation.js';
import type { ActivationStore } from './activation-store.js';
import { candidatePlace } from './places.js';

export interface ExchangeDeps extends SignedCallDeps {
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly ring: KeyRing;
}

/** An exchange that owns its activation: whose it is, and the attempt that its lease names. */
export interface Attempt {
  readonly id: string;
  readonly consumerKey: string;
  readonly account: string;
}

/** A lease that starts now. */
export function newLease(attempt: string, now: Date): Lease {
  return { attempt, until: new Date(now.getTime() + leaseSeconds * 1000) };
}

/**
 * Asks for a request token. It is stored, with the verifier that bought it, before this resolves: Magento
 * sells one token for a verifier, and a lost one wedges the integration.
 *
 * @throws AppError of the call; the activation then says `failed` or `needs-recreate`.
 */
export async function obtainRequestToken(
  deps: ExchangeDeps,
  attempt: Attempt,
  candidate: Candidate,
): Promise<HeldToken> {
  const { storeBaseUrl } = candidate;
  const place = candidatePlace(attempt.consumerKey, storeBaseUrl);
  const consumerSecret = deps.ring.open(candidate.consumerSecret, place('consumerSecret'));
  const consumer = { storeBaseUrl, consumerKey: attempt.consumerKey, consumerSecret };
  const obtainedAt = deps.now();
  const token = await fetchRequestToken(deps, consumer).catch((error: unknown) =>
    giveUpRequest(deps, attempt, error),
  );
  const verifier = deps.ring.open(candidate.verifier, place('verifier'));
  const heldToken = {
    storeBaseUrl,
    obtainedAt,
    candidateId: candidate.id,
    consumerSecret: deps.ring.seal(consumerSecret, place('requestToken.consumerSecret')),
    token: deps.ring.seal(token.token, place('requestToken')),
    tokenSecret: deps.ring.seal(token.tokenSecret, place('requestTokenSecret')),
    verifier: deps.ring.seal(verifier, place('requestToken.verifier')),
  };
  await changeOwn(deps, attempt, (current) => ({
    ...common(current),
    state: 'authorized',
    heldToken,
    lease: newLease(attempt.id, deps.now()),
  }));
  return heldToken;
}

/**
 * Exchanges the held request token for the access token and stores the credential, together with the news
 * that the activation is connected. Announced in the record before the call is made.
 *
 * @throws AppError of the call, or `grant_lost` when it ended without a status line: the store may have granted.
 */
export async function obtainCredential(
  deps: ExchangeDeps,
  attempt: Attempt,
  heldToken: HeldToken,
): Promise<void> {
  await changeOwn(deps, attempt, (current) => ({
    ...common(current),
    state: 'accessing',
    heldToken: asKept(current, heldToken),
    lease: newLease(attempt.id, deps.now()),
  }));
  const { consumer, requestToken } = openHeldToken(deps.ring, attempt.consumerKey, heldToken);
  const accessToken = await fetchAccessToken(deps, consumer, requestToken).catch((error: unknown) =>
    giveUpAccess(deps, attempt, heldToken, error),
  );
  await keepGrant(deps, attempt, heldToken, { ...consumer, accessToken }).catch(
    (error: unknown) => {
      throw new AppError('grant_lost', 'the credential could not be stored', { cause: error });
    },
  );
}

/**
 * Stores what the store has granted, whoever owns the activation by now: Magento grants once. Only a
 * connection that another attempt has made meanwhile stays, as the later grant is the one that lives.
 */
async function keepGrant(
  deps: ExchangeDeps,
  { consumerKey, account }: Attempt,
  heldToken: HeldToken,
  { accessToken, ...consumer }: Consumer & { readonly accessToken: Token },
): Promise<void> {
  const connectedAt = deps.now();
  await deps.activations.change(
    consumerKey,
    (current) =>
      current?.state === 'connected'
        ? undefined
        : {
            version: (current?.version ?? 0) + 1,
            consumerKey,
            state: 'connected' as const,
            connectedAt,
            candidateId: heldToken.candidateId,
            candidates: current ? newerThan(heldToken, current) : [],
          },
    () =>
      deps.credentials.changeTo({
        ...consumer,
        account,
        connectedAt,
        accessToken: accessToken.token,
        accessTokenSecret: accessToken.tokenSecret,
      }),
  );
}

/**
 * Proves the new credential by one signed call. A store that cannot be asked proves nothing against it.
 *
 * @throws AppError `credential_refused` when the store does not know its own token; the record says so, too.
 */
export async function proveCredential(deps: ExchangeDeps, consumerKey: string): Promise<void> {
  const credential = await deps.credentials.find(consumerKey);
  if (!credential) return;
  const secrets = deps.credentials.open(credential);
  const check = await checkConnection(deps, { ...credential, ...secrets });
  await deps.credentials.recordCheck(credential, { ...check, at: deps.now() });
  if (check.result !== 'refused') return;
  await deps.activations.change(consumerKey, (current) =>
    current?.state === 'connected'
      ? {
          ...common(current),
          state: 'needs-reauthorize',
          failure: { code: 'credential_refused', at: deps.now() },
        }
      : undefined,
  );
  throw new AppError('credential_refused', check.detail);
}

async function giveUpRequest(deps: ExchangeDeps, attempt: Attempt, error: unknown): Promise<never> {
  if (!(error instanceof AppError)) throw error;
  const failure = { code: error.code, at: deps.now() };
  const state = error.code === 'verifier_spent' ? 'needs-recreate' : 'failed';
  await changeOwn(deps, attempt, (current) =>
    'heldToken' in current && current.heldToken
      ? { ...common(current), state: 'authorized', heldToken: current.heldToken, failure }
      : { ...common(current), state, failure },
  );
  throw error;
}

/** Where no status line came, the owner keeps its lease: a second call beside a first may kill its token. */
async function giveUpAccess(
  deps: ExchangeDeps,
  attempt: Attempt,
  heldToken: HeldToken,
  error: unknown,
): Promise<never> {
  if (!(error instanceof AppError)) throw error;
  const noAnswer = error.code === 'store_no_reply' || error.code === 'store_timeout';
  const failure = { code: noAnswer ? ('grant_lost' as const) : error.code, at: deps.now() };
  if (noAnswer) {
    await changeOwn(deps, attempt, (current) =>
      current.state === 'accessing'
        ? { ...current, version: current.version + 1, failure }
        : current,
    );
    throw new AppError('grant_lost', 'the access call ended without an answer', { cause: error });
  }
  await changeOwn(deps, attempt, (current) =>
    error.code === 'already_granted'
      ? {
          ...common(current),
          state: 'needs-reauthorize',
          failure,
          candidates: newerThan(heldToken, current),
        }
      : { ...common(current), state: 'authorized', heldToken: asKept(current, heldToken), failure },
  );
  throw error;
}

/** The token as its owner's record holds it now: it may have been sealed anew since it was read. */
function asKept(current: Activation, heldToken: HeldToken): HeldToken {
  return ('heldToken' in current ? current.heldToken : undefined) ?? heldToken;
}

/** Changes the activation if this attempt still owns it. @throws AppError `exchange_under_way` when it does not. */
async function changeOwn(
  deps: ExchangeDeps,
  attempt: Attempt,
  next: (current: Activation) => Activation,
): Promise<void> {
  const changed = await deps.activations.change(attempt.consumerKey, (current) =>
    isOwn(current, attempt) ? next(current) : undefined,
  );
  if (!changed) throw new AppError('exchange_under_way', 'another attempt owns this activation');
}

function isOwn(current: Activation | undefined, attempt: Attempt): current is Activation {
  return current !== undefined && 'lease' in current && current.lease?.attempt === attempt.id;
}

/** The POSTs that came after a token was obtained; the verifiers of the others are spent. */
function newerThan({ obtainedAt }: HeldToken, { candidates }: Activation): Candidate[] {
  return candidates.filter(({ receivedAt }) => receivedAt > obtainedAt);
}

function common({ consumerKey, version, candidates, claimedBy }: Activation) {
  return { consumerKey, version: version + 1, candidates, claimedBy };
}

function openHeldToken(ring: KeyRing, consumerKey: string, held: HeldToken) {
  const place = candidatePlace(consumerKey, held.storeBaseUrl);
  const consumerSecret = ring.open(held.consumerSecret, place('requestToken.consumerSecret'));
  const requestToken: Token & { verifier: string } = {
    token: ring.open(held.token, place('requestToken')),
    tokenSecret: ring.open(held.tokenSecret, place('requestTokenSecret')),
    verifier: ring.open(held.verifier, place('requestToken.verifier')),
  };
  return {
    consumer: { storeBaseUrl: held.storeBaseUrl, consumerKey, consumerSecret },
    requestToken,
  };
}
