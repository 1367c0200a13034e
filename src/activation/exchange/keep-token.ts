import type { CredentialStore } from '../../credentials/credential-store.js';
import type { SealedGrant } from '../../credentials/credential.js';
import { AppError } from '../../errors.js';
import type { Logger } from '../../log.js';
import { supportCode } from '../../timeline/support-code.js';
import {
  heldTokenOf,
  liveLease,
  type Activation,
  type HeldToken,
  type Lease,
} from '../activation.js';
import {
  changeOwn,
  common,
  isOwned,
  newLease,
  type Attempt,
  type Ownership,
  type OwnershipDeps,
} from './ownership.js';
import type { Spool, SpoolEntry } from './spool.js';

export interface KeepDeps extends OwnershipDeps {
  readonly credentials: CredentialStore;
  readonly spool: Spool;
  /** Resolves after so many milliseconds. */
  readonly wait: (ms: number) => Promise<unknown>;
  readonly log: Logger;
}

/** What a store granted, and the exchange that it ended. */
export interface Grant {
  readonly attempt: Omit<Attempt, 'id'>;
  readonly candidateId: string;
  readonly obtainedAt: Date;
  readonly credential: SealedGrant;
}

/**
 * What became of a grant: `kept`, or an operator or a later grant was first; `unproven`: a later exchange has begun, which
 * may mean that the store has killed it.
 */
export type Kept = 'kept' | 'disconnected' | 'superseded' | 'unproven';

/** Redis is asked again so often while the merchant waits; after that the file in the spool has to do. */
const repeatAfterMs = [250, 750, 2_000];

/**
 * Stores and answers a request token, with the verifiers that `heldTokenFor` finds in the record, whoever owns the
 * activation by now: Magento sells one for a verifier. An attempt that has lost its lease to nobody takes it up again.
 *
 * @throws AppError `exchange_under_way` or `disconnected` when this attempt is over; `token_kept` when Redis did
 *   not take the token, which then waits in the spool.
 */
export async function keepRequestToken(
  deps: KeepDeps,
  own: Ownership,
  heldTokenFor: (current: Activation) => HeldToken,
): Promise<HeldToken> {
  const { attempt } = own;
  let heldToken = heldTokenFor(own.record);
  const entry = {
    kind: 'request-token' as const,
    consumerKey: attempt.consumerKey,
    account: attempt.account,
    generation: attempt.generation,
    heldToken,
  };
  return keepSafely(deps, entry, async () => {
    try {
      const held = (current: Activation): Activation => ({
        ...common(current),
        state: 'authorized',
        heldToken: (heldToken = heldTokenFor(current)),
        lease: newLease(deps, attempt.id),
      });
      await changeOwn(deps, own, held, deps.activations.replace);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'exchange_under_way')) throw error;
      const lease = newLease(deps, attempt.id);
      const record = await storeLateRequestToken(deps, attempt, heldTokenFor(own.record), lease);
      if (!record || !isOwned(record, attempt)) throw error;
      own.record = record;
    }
    return heldToken;
  });
}

/**
 * Stores a request token that arrives when its attempt no longer owns the activation: beside the lease of another
 * attempt that is still asking, or under the lease given. Where a token or a disconnect stands it is
 * worth nothing.
 */
export async function storeLateRequestToken(
  deps: OwnershipDeps,
  attempt: Omit<Attempt, 'id'>,
  heldToken: HeldToken,
  lease: Lease,
): Promise<Activation | undefined> {
  return deps.activations.change(attempt.consumerKey, (current) => {
    if (current?.generation !== attempt.generation) return undefined;
    const isOlder = (heldTokenOf(current)?.obtainedAt ?? new Date(0)) < heldToken.obtainedAt;
    if (
      !isOlder ||
      !['received', 'requesting', 'needs-recreate', 'failed', 'connected'].includes(current.state)
    )
      return undefined;
    if (current.state === 'requesting' && liveLease(current, deps.now())) {
      return { ...current, version: current.version + 1, heldToken };
    }
    return {
      ...common(current),
      claimedBy: attempt.account,
      state: 'authorized' as const,
      heldToken,
      lease,
    };
  });
}

/**
 * Stores what the store has granted, with the news that the activation is connected, whoever owns it by now:
 * Magento grants once.
 *
 * @throws AppError `token_kept` when Redis did not take the grant, which then waits in the spool; `grant_lost` when
 *   there was no way to keep it either.
 */
export async function keepGrant(deps: KeepDeps, grant: Grant): Promise<Kept> {
  const { consumerKey, account, generation } = grant.attempt;
  const { candidateId, obtainedAt, credential } = grant;
  const entry = { consumerKey, account, generation, candidateId, obtainedAt, credential };
  return keepSafely(deps, { kind: 'grant', ...entry }, () => storeGrant(deps, grant));
}

/**
 * Writes a grant, once or again. A connection that was made since the grant's exchange began stays, and so does a request
 * token of a later exchange, unless the grant `isProven`: of two tokens for one integration the store knows one.
 */
export async function storeGrant(
  deps: Pick<KeepDeps, 'activations' | 'credentials'>,
  { attempt, candidateId, obtainedAt, credential }: Grant,
  { isProven = false } = {},
): Promise<Kept> {
  const { consumerKey, generation } = attempt;
  const { connectedAt } = credential;
  let outcome: Kept = 'kept';
  await deps.activations.change(
    consumerKey,
    (current) => {
      const isStored =
        current?.state === 'connected' && current.connectedAt.getTime() === connectedAt.getTime();
      const isGone = current !== undefined && current.generation !== generation;
      const isLate = current?.state === 'connected' && current.connectedAt > obtainedAt;
      const heldSince = current && heldTokenOf(current)?.obtainedAt;
      const isOvertaken =
        current?.state === 'requesting' || (heldSince !== undefined && heldSince > obtainedAt);
      if (isGone) outcome = 'disconnected';
      else if (isProven || isStored) outcome = 'kept';
      else outcome = isLate ? 'superseded' : isOvertaken ? 'unproven' : 'kept';
      if (outcome !== 'kept' || isStored) return undefined;
      return {
        version: (current?.version ?? 0) + 1,
        consumerKey,
        generation,
        state: 'connected' as const,
        connectedAt,
        candidateId,
        // The verifiers of the others are spent.
        candidates: current?.candidates.filter(({ receivedAt }) => receivedAt > obtainedAt) ?? [],
      };
    },
    () => deps.credentials.changeTo(credential),
  );
  return outcome;
}

/** Does `store`; when Redis fails, the entry is on the disk before it is asked again. */
async function keepSafely<T>(
  { spool, wait, log }: KeepDeps,
  entry: SpoolEntry,
  store: () => Promise<T>,
): Promise<T> {
  const activation = supportCode(entry.consumerKey);
  let failure: unknown;
  let spooled: string | undefined;
  for (const waitMs of [0, ...repeatAfterMs]) {
    await wait(waitMs);
    try {
      const result = await store();
      if (spooled !== undefined) await spool.remove(spooled);
      return result;
    } catch (error) {
      if (error instanceof AppError) throw error;
      failure = error;
    }
    spooled ??= await spool.keep(entry).catch((error: unknown) => {
      log.error({ event: 'spool_failed', activation, err: error });
      return undefined;
    });
  }
  if (spooled === undefined) {
    throw new AppError('grant_lost', 'neither Redis nor the spool took it', { cause: failure });
  }
  log.warn({ event: 'token_spooled', activation, kind: entry.kind });
  throw new AppError('token_kept', 'it waits in the spool for Redis', { cause: failure });
}
