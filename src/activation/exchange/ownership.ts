import { AppError } from '../../errors.js';
import type { Activation, Lease } from '../activation.js';
import type { ActivationStore } from '../activation-store.js';

/** One run of the exchange: by whom, and for which generation of the integration. */
export interface Attempt {
  readonly id: string;
  readonly consumerKey: string;
  readonly account: string;
  /** The record's when this began: a disconnect since then ends the attempt. */
  readonly generation: number;
}

/** An attempt that holds the lease, with the record as it last saw it. */
export interface Ownership {
  readonly attempt: Attempt;
  record: Activation;
}

export interface OwnershipDeps {
  readonly activations: ActivationStore;
  readonly now: () => Date;
  /** How long a lease lasts, in seconds: longer than one call to a store can take. */
  readonly leaseSeconds: number;
}

/** A lease of this attempt that starts now. */
export function newLease(
  deps: Pick<OwnershipDeps, 'now' | 'leaseSeconds'>,
  attempt: string,
): Lease {
  return { attempt, until: new Date(deps.now().getTime() + deps.leaseSeconds * 1000) };
}

/**
 * Changes the activation while this attempt owns it. When this resolves Redis has the change; with `replace` of the
 * store instead of `replaceSurely`, the first error of Redis ends it.
 *
 * @throws AppError `exchange_under_way` when another attempt owns it by now, `disconnected` when an operator
 *   disconnected the store meanwhile; the error of Redis when it does not take the change.
 */
export async function changeOwn(
  deps: OwnershipDeps,
  own: Ownership,
  next: (current: Activation) => Activation,
  replace: ActivationStore['replace'] = deps.activations.replaceSurely,
): Promise<void> {
  for (;;) {
    if (!isOwned(own.record, own.attempt)) throw lossOf(own);
    const changed = next(own.record);
    if (await replace(own.record, changed)) {
      own.record = changed;
      return;
    }
    await refresh(deps, own);
  }
}

/** Looks at the record again. @throws AppError `activation_unknown` when it is gone. */
export async function refresh(deps: OwnershipDeps, own: Ownership): Promise<void> {
  const current = await deps.activations.find(own.attempt.consumerKey);
  if (!current) throw new AppError('activation_unknown', 'the activation is gone');
  own.record = current;
}

export function isOwned(record: Activation, attempt: Attempt): boolean {
  return 'lease' in record && record.lease?.attempt === attempt.id;
}

/** What every state has, in the next version of a record. */
export function common({
  consumerKey,
  version,
  candidates,
  claimedBy,
  generation,
}: Activation): Pick<
  Activation,
  'consumerKey' | 'version' | 'candidates' | 'claimedBy' | 'generation'
> {
  return { consumerKey, version: version + 1, candidates, claimedBy, generation };
}

function lossOf({ attempt, record }: Ownership): AppError {
  return record.generation === attempt.generation
    ? new AppError('exchange_under_way', 'another attempt owns this activation')
    : new AppError('disconnected', 'the store was disconnected during the exchange');
}
