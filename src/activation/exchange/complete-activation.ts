import type { Credential } from '../../credentials/credential.js';
import { AppError } from '../../errors.js';
import { checkConnection } from '../../magento/check-connection.js';
import { freshCandidates, heldTokenOf, originOf, type Activation } from '../activation.js';
import type { NotesDeps } from '../attempt-notes.js';
import { runExchange, type ExchangeDeps, type Means } from './exchange.js';
import { hasConnected } from './has-connected.js';
import { checkAccount, nextStep, type NextStep } from './next-step.js';
import { common, isOwned, newLease, type Attempt, type Ownership } from './ownership.js';
import { situationOf, type Situation, type SituationDeps } from './situation.js';

export interface CompletionDeps extends ExchangeDeps, SituationDeps, NotesDeps {
  readonly randomToken: () => string;
}

/** Whose integration is to be connected, and to which store if there are several. */
export interface SignedIn {
  readonly consumerKey: string;
  readonly account: string;
  /** The store's: the origin of `success_call_back`, or the one that the merchant chose. No other is asked for a token. */
  readonly wantedOrigin: string;
  /** The account at whose own address the popup was opened; absent: at the common one. */
  readonly invited: string | undefined;
}

/** How long a second sign-in looks on at the exchange of a first: longer than two calls at their slowest. */
const patienceMs = 35_000;
const betweenLooksMs = 100;

/**
 * Sees to it that the integration is connected: runs the exchange, or waits for the one that is running, or
 * finds that there is nothing to do. When this resolves, the credential is stored. `situation`: as it was just read.
 *
 * @throws AppError whose code says what the merchant has to do.
 */
export async function completeActivation(
  deps: CompletionDeps,
  signedIn: SignedIn,
  situation?: Situation,
): Promise<void> {
  const step = await begin(deps, signedIn, situation);
  if (step.act === 'return') return;
  if (step.act === 'wait') return outcomeOf(deps, signedIn.consumerKey);
  await connect(deps, step.own, step.means);
}

/**
 * Takes over an exchange whose owner died, and ends it as its owner would have.
 *
 * @throws AppError whose code says why it is not connected.
 */
export async function continueExchange(
  deps: CompletionDeps,
  abandoned: Activation,
  account: string,
): Promise<void> {
  const { consumerKey } = abandoned;
  const step = await begin(deps, { consumerKey, account, ...purposeOf(abandoned) });
  if (step.act === 'exchange') await connect(deps, step.own, step.means);
}

/** For which store, and for whose POSTs, an exchange was begun. */
function purposeOf(abandoned: Activation): Pick<SignedIn, 'wantedOrigin' | 'invited'> {
  if (abandoned.state === 'requesting') {
    const { storeOrigin, candidateId, candidates } = abandoned;
    const invited = candidates.find(({ id }) => id === candidateId)?.account;
    return { wantedOrigin: storeOrigin, invited };
  }
  const held = heldTokenOf(abandoned);
  return { wantedOrigin: originOf(held ?? { storeBaseUrl: '' }), invited: held?.account };
}

/** Runs an exchange and proves what it brought. Whoever loses it to another that succeeds is content. */
async function connect(deps: CompletionDeps, own: Ownership, means: Means): Promise<void> {
  const { consumerKey, account } = own.attempt;
  try {
    await runExchange(deps, own, means);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'exchange_under_way')) throw error;
    const current = await deps.activations.find(consumerKey);
    if (current?.state !== 'connected') throw error;
    return;
  }
  const places = own.record.candidates.map(({ from }) => from);
  // One that is not given back runs out with its POST.
  deps.pending.release(consumerKey, places).catch(() => undefined);
  const credential = await proveCredential(deps, consumerKey);
  if (!credential) return;
  const store = new URL(credential.storeBaseUrl).host;
  deps.timeline.note(consumerKey, { kind: 'connected', account, store });
}

type Begun =
  Exclude<NextStep, { act: 'exchange' }> | (NextStep & { act: 'exchange'; own: Ownership });

/** Takes the activation for a new attempt, if there is something to do and nobody else is doing it. */
async function begin(deps: CompletionDeps, signedIn: SignedIn, first?: Situation): Promise<Begun> {
  const { consumerKey, account, wantedOrigin } = signedIn;
  const id = deps.randomToken();
  let begun: (NextStep & { act: 'exchange' }) | undefined;
  for (let read = first; ; read = undefined) {
    const situation = read ?? (await situationOf(deps, signedIn));
    const { activation } = situation;
    checkAccount(account, situation);
    const attempt = { id, consumerKey, account, generation: activation?.generation ?? 0 };
    if (begun && activation && isOwned(activation, attempt)) {
      return { ...begun, own: { attempt, record: activation } };
    }
    const step = nextStep(situation);
    if (step.act !== 'exchange' || !activation) return step as Begun;
    checkStore(step.means, wantedOrigin);
    const record = taken(deps, activation, step.means, attempt);
    begun = step;
    if (await deps.activations.replaceSurely(activation, record)) {
      return { ...step, own: { attempt, record } };
    }
  }
}

/** POSTs come and go between a question and its answer: nobody is connected to a store that was not agreed on. */
function checkStore({ heldToken, candidates }: Means, wantedOrigin: string): void {
  const store = heldToken ?? candidates[0];
  if (store && originOf(store) === wantedOrigin) return;
  throw new AppError('store_ambiguous', 'the store that was meant does not ask any more');
}

/** The record in the hands of an attempt, which announces the first thing that it does. */
function taken(
  deps: CompletionDeps,
  current: Activation,
  { heldToken, candidates }: Means,
  attempt: Attempt,
): Activation {
  const own = {
    ...common(current),
    candidates: freshCandidates(current, deps.now()),
    claimedBy: attempt.account,
    lease: newLease(deps, attempt.id),
  };
  const [candidate] = candidates;
  if (heldToken) return { ...own, state: 'authorized', heldToken };
  if (!candidate) throw new Error('an exchange needs a request token or a candidate');
  return {
    ...own,
    state: 'requesting',
    candidateId: candidate.id,
    storeOrigin: originOf(candidate),
  };
}

/**
 * Proves the new credential by one signed call, and answers it. A store that cannot be asked proves nothing against it.
 *
 * @throws AppError `credential_refused` when the store does not know its own token; the record says so, too.
 */
async function proveCredential(
  deps: CompletionDeps,
  consumerKey: string,
): Promise<Credential | undefined> {
  const credential = await deps.credentials.find(consumerKey);
  if (!credential) return undefined;
  const secrets = deps.credentials.open(credential);
  const check = await checkConnection(deps, { ...credential, ...secrets });
  const at = deps.now();
  await deps.credentials.recordCheck(credential, { ...check, at });
  if (check.result !== 'refused') return credential;
  await deps.activations.change(consumerKey, (current) =>
    current?.state === 'connected' &&
    current.connectedAt.getTime() === credential.connectedAt.getTime()
      ? {
          ...common(current),
          state: 'needs-reauthorize',
          failure: { code: 'credential_refused', at },
        }
      : undefined,
  );
  throw new AppError('credential_refused', check.detail);
}

/** Looks on until the running exchange has ended, whoever ends it, and ends as it did. */
async function outcomeOf(deps: CompletionDeps, consumerKey: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += betweenLooksMs) {
    await deps.wait(betweenLooksMs);
    const current = await deps.activations.find(consumerKey);
    if (hasConnected(current)) return;
    if (!(current && 'lease' in current)) break;
  }
  throw new AppError('exchange_under_way', 'the exchange that was running has not ended');
}
