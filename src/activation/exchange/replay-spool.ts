import { changedGrant } from '../../credentials/credential.js';
import type { KeyRing } from '../../credentials/key-ring.js';
import { AppError } from '../../errors.js';
import { supportCode } from '../../timeline/support-code.js';
import { changedToken } from '../sealed-activations.js';
import { storeGrant, storeLateRequestToken, type KeepDeps } from './keep-token.js';
import type { SpoolEntry } from './spool.js';

export interface ReplayDeps extends KeepDeps {
  readonly ring: KeyRing;
}

/**
 * Stores what waits in the spool, now that Redis may take it again, sealed with the ring's first key. A file goes only
 * once Redis has what it holds, or says that it is worth nothing any more. Never throws: what fails, or needs a key that
 * is not on the ring, stays for the next time.
 */
export async function replaySpool(deps: ReplayDeps): Promise<void> {
  const { spool, log } = deps;
  const names = await spool.names().catch((error: unknown) => {
    log.error({ event: 'spool_failed', err: error });
    return [];
  });
  for (const name of names) {
    try {
      const entry = await spool.read(name);
      if (!entry) continue;
      const outcome = await store(deps, name, sealedAnew(entry, deps.ring));
      await spool.remove(name);
      log.info({
        event: 'spool_replayed',
        activation: supportCode(entry.consumerKey),
        kind: entry.kind,
        outcome,
      });
    } catch (error) {
      log.warn({ event: 'spool_waits', name, err: error });
    }
  }
}

async function store(deps: KeepDeps, name: string, entry: SpoolEntry): Promise<string> {
  const { consumerKey, account, generation } = entry;
  const attempt = { consumerKey, account, generation };
  if (entry.kind === 'grant') {
    const { candidateId, obtainedAt, credential } = entry;
    const kept = await storeGrant(deps, { attempt, candidateId, obtainedAt, credential });
    if (kept !== 'unproven') return kept;
    throw new AppError('exchange_under_way', 'an exchange that began later has not ended');
  }
  // A lease that has run out: the next pass goes on with the token.
  const lease = { attempt: name, until: deps.now() };
  const stored = await storeLateRequestToken(deps, attempt, entry.heldToken, lease);
  return stored ? 'kept' : 'superseded';
}

/** @throws AppError `sealed_unreadable` */
function sealedAnew(entry: SpoolEntry, { reseal }: KeyRing): SpoolEntry {
  return entry.kind === 'grant'
    ? { ...entry, credential: changedGrant(entry.credential, reseal) }
    : { ...entry, heldToken: changedToken(entry, entry.heldToken, reseal) };
}
