import { freshCandidates, originOf } from './activation.js';
import type { ActivationStore } from './activation-store.js';
import type { Situation } from './exchange/situation.js';
import { postsThatCount } from './posts-that-count.js';

/**
 * Notes that a popup has been opened for the POSTs of this store, so that others which come later take the places of
 * POSTs that nobody is about to sign in to.
 */
export async function noteOpened(
  deps: { readonly activations: ActivationStore; readonly now: () => Date },
  consumerKey: string,
  { wantedOrigin: callbackOrigin, invited, credential }: Situation,
): Promise<void> {
  await deps.activations.change(consumerKey, (current) => {
    if (!current) return undefined;
    const fresh = postsThatCount({ invited, credential }, freshCandidates(current, deps.now()));
    const stores = new Set(fresh.map(originOf));
    const isMeant = (origin: string) => origin === callbackOrigin || !stores.has(callbackOrigin);
    const unmarked = fresh.filter(
      (candidate) => !candidate.openedAt && isMeant(originOf(candidate)),
    );
    if (unmarked.length === 0) return undefined;
    const openedAt = deps.now();
    const candidates = current.candidates.map((candidate) =>
      unmarked.includes(candidate) ? { ...candidate, openedAt } : candidate,
    );
    return { ...current, version: current.version + 1, candidates };
  });
}
