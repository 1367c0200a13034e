import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { freshCandidates, type Activation, type Lease } from './activation.js';
import {
  newLease,
  obtainCredential,
  obtainRequestToken,
  proveCredential,
  type Attempt,
  type ExchangeDeps,
} from './exchange.js';
import { checkAccount, nextStep, type NextStep } from './next-step.js';
import { situationOf } from './situation.js';

export interface CompletionDeps extends ExchangeDeps {
  readonly randomToken: () => string;
}

/** Who signed in, for which integration, and where the browser is to go back to. */
export interface SignedIn {
  readonly consumerKey: string;
  readonly account: string;
  readonly callbackOrigin: string;
}

/** How long a second sign-in looks on at the exchange of a first: longer than two calls at their slowest. */
const patienceMs = 35_000;
const betweenLooksMs = 100;

/**
 * Sees to it that the integration is connected: runs the exchange, or waits for the one that is running, or
 * finds that there is nothing to do. When this resolves, the credential is stored.
 *
 * @throws AppError whose code says what the merchant has to do.
 */
export async function completeActivation(deps: CompletionDeps, signedIn: SignedIn): Promise<void> {
  const attempt: Attempt = { ...signedIn, id: deps.randomToken() };
  const step = await begin(deps, attempt, signedIn.callbackOrigin);
  switch (step.act) {
    case 'return':
      return;
    case 'wait':
      return outcomeOf(deps, attempt.consumerKey, step.lease);
    case 'access':
      await accessOrAskAnew(deps, attempt, step);
      break;
    case 'request':
      await obtainCredential(
        deps,
        attempt,
        await obtainRequestToken(deps, attempt, step.candidate),
      );
      break;
  }
  await proveCredential(deps, attempt.consumerKey);
}

/** Takes the activation for this attempt, if there is something to do and nobody else is doing it. */
async function begin(
  deps: CompletionDeps,
  attempt: Attempt,
  callbackOrigin: string,
): Promise<NextStep> {
  for (;;) {
    const situation = await situationOf(deps, attempt.consumerKey, callbackOrigin);
    const { activation, credential, now } = situation;
    checkAccount(attempt.account, activation, credential);
    const step = nextStep(situation);
    const next = activation && taken(activation, step, attempt, now);
    if (!next || (await deps.activations.replace(activation, next))) return step;
  }
}

function taken(
  current: Activation,
  step: NextStep,
  attempt: Attempt,
  now: Date,
): Activation | undefined {
  const own = {
    consumerKey: current.consumerKey,
    version: current.version + 1,
    candidates: freshCandidates(current, now),
    claimedBy: attempt.account,
    lease: newLease(attempt.id, now),
  };
  if (step.act === 'access') return { ...own, state: 'authorized', heldToken: step.heldToken };
  if (step.act !== 'request') return undefined;
  const heldToken = 'heldToken' in current ? current.heldToken : undefined;
  return { ...own, state: 'requesting', candidateId: step.candidate.id, heldToken };
}

async function accessOrAskAnew(
  deps: CompletionDeps,
  attempt: Attempt,
  { heldToken, otherwise }: NextStep & { act: 'access' },
): Promise<void> {
  try {
    await obtainCredential(deps, attempt, heldToken);
  } catch (error) {
    if (!otherwise || !wasAnswered(error)) throw error;
    const own = await deps.activations.change(attempt.consumerKey, (current) =>
      current && !('lease' in current && current.lease)
        ? taken(current, { act: 'request', candidate: otherwise }, attempt, deps.now())
        : undefined,
    );
    if (!own) throw new AppError('exchange_under_way', 'another attempt has taken the activation');
    await obtainCredential(deps, attempt, await obtainRequestToken(deps, attempt, otherwise));
  }
}

/**
 * Whether the store has answered, so that a newer verifier may buy another token. What it answered need not be
 * known: a store in another language speaks of a token it no longer holds in words of its own.
 */
function wasAnswered(error: unknown): boolean {
  return (
    error instanceof AppError &&
    ![
      'grant_lost',
      'exchange_under_way',
      'request_not_portable',
      'store_address_forbidden',
      'store_unreachable',
      'store_tls_untrusted',
      'store_unavailable',
    ].includes(error.code)
  );
}

/** Looks on until the running exchange has ended, and ends as it did. */
async function outcomeOf(deps: CompletionDeps, consumerKey: string, lease: Lease): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += betweenLooksMs) {
    await pause(betweenLooksMs);
    const current = await deps.activations.find(consumerKey);
    if (!current) throw new AppError('activation_unknown', 'the activation is gone');
    if (current.state === 'connected') return;
    if ('failure' in current && current.failure) {
      throw new AppError(current.failure.code, 'the exchange that was running failed');
    }
    if (!('lease' in current) || current.lease?.attempt !== lease.attempt) break;
  }
  throw new AppError('exchange_under_way', 'the exchange that was running has not ended');
}
