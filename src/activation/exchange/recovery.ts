import { AppError, type ErrorCode } from '../../errors.js';
import type { Logger } from '../../log.js';
import { supportCode } from '../../timeline/support-code.js';
import type { ExchangeEntry } from '../activation-store.js';
import { heldTokenOf, leaseOf, liveLease, type Activation } from '../activation.js';
import { continueExchange, type CompletionDeps } from './complete-activation.js';
import { settled } from './settled.js';

export interface RecoveryDeps extends CompletionDeps {
  readonly log: Logger;
}

/** One pass looks after so many exchanges, so many at a time: a crowd of slow stores must not hold up the rest. */
const mostAtOnce = 200;
const sideBySide = 50;

/** An exchange that got no answer again is looked after less and less often, at most once in an hour. */
const seldomMs = 3_600_000;

/**
 * Continues the exchanges whose owners died or got no answer: those whose lease has run out. A store's answer to the
 * repeated call is a success or a diagnosis, since it sells each token once. Many processes may do this at once.
 */
export async function recoverExchanges(deps: RecoveryDeps): Promise<void> {
  const overdue = await deps.activations.overdue(mostAtOnce);
  const workers = Array.from({ length: sideBySide }, async () => {
    for (;;) {
      const exchange = overdue.shift();
      if (exchange === undefined) return;
      await recover(deps, exchange);
    }
  });
  await Promise.all(workers);
}

async function recover(deps: RecoveryDeps, exchange: ExchangeEntry): Promise<void> {
  try {
    const abandoned = await deps.activations.find(exchange.consumerKey);
    const lease = abandoned && leaseOf(abandoned);
    if (!abandoned || lease?.attempt !== exchange.attempt) {
      await deps.activations.leaveAlone(exchange);
    } else if (liveLease(abandoned, deps.now())) {
      await deps.activations.lookAgain(exchange, lease.until);
    } else {
      await takeOver(deps, abandoned);
    }
  } catch (error) {
    const activation = supportCode(exchange.consumerKey);
    deps.log.error({ event: 'recovery_failed', activation, err: error });
  }
}

/** Continues an exchange whose lease has run out. One that got no answer again stays on the list, for later. */
async function takeOver(deps: RecoveryDeps, abandoned: Activation): Promise<void> {
  const { consumerKey, state } = abandoned;
  const activation = supportCode(consumerKey);
  deps.log.info({ event: 'exchange_taken_over', activation, state });
  try {
    await continueExchange(deps, abandoned, abandoned.claimedBy ?? '');
    // Beside a connection from before there was nothing to continue, if no POST is left.
    const isGivenUp = await giveUp(deps, consumerKey);
    deps.log.info({ event: isGivenUp ? 'exchange_given_up' : 'exchange_recovered', activation });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    deps.log.warn({ event: 'exchange_diagnosed', activation, code: error.code });
    if (error.code === 'exchange_under_way') return;
    noteDiagnosis(deps, abandoned, error.code);
    const current = await deps.activations.find(consumerKey);
    const lease = current && leaseOf(current);
    if (lease) {
      const { attempt } = lease;
      await deps.activations.lookAgain({ consumerKey, attempt }, nextLook(deps, abandoned));
    }
    if (nothingToTry.has(error.code)) await giveUp(deps, consumerKey);
  }
}

/** The merchant is gone, so the timeline alone tells of it: once, however often the store is asked again. */
function noteDiagnosis({ timeline }: RecoveryDeps, abandoned: Activation, code: ErrorCode): void {
  const { consumerKey, claimedBy: account } = abandoned;
  const isKnown = 'failure' in abandoned && abandoned.failure?.code === code;
  if (isKnown || nothingToTry.has(code)) return;
  timeline.note(consumerKey, { kind: 'failed', code, account });
}

/** What `nextStep` says of a record whose POSTs have all expired before anything was obtained. */
const nothingToTry = new Set([
  'account_not_allowed',
  'activation_unknown',
  'activation_expired',
  'store_ambiguous',
]);

/** Ends an exchange that has no POST left to ask with, unless somebody runs it. Answers whether it did. */
async function giveUp(deps: RecoveryDeps, consumerKey: string): Promise<boolean> {
  const ended = await deps.activations.change(consumerKey, (current) =>
    current?.state === 'requesting' && !liveLease(current, deps.now())
      ? settled(current, 'consumer_key_expired', deps.now())
      : undefined,
  );
  return ended !== undefined;
}

function nextLook(deps: RecoveryDeps, abandoned: Activation): Date {
  const now = deps.now().getTime();
  const heldForMs = now - (heldTokenOf(abandoned)?.obtainedAt.getTime() ?? now);
  const waitMs = Math.min(Math.max(heldForMs / 2, deps.leaseSeconds * 1000), seldomMs);
  return new Date(now + waitMs);
}
