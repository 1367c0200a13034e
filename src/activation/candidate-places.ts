import { originOf, type Candidate } from './activation.js';

/** At most so many POSTs of one store, and so many stores, stand side by side under one consumer key. */
const perOrigin = 3;
const origins = 4;

/**
 * The candidates with a new one among them. It takes its twin's place, else a free one, else that of the oldest which no
 * open popup points at: of its own store first, then of the store with the most. The one in use is never given away.
 */
export function withPlaceFor(
  candidates: readonly Candidate[],
  newest: Candidate,
  inUse: string | undefined,
): Candidate[] {
  const twin = candidates.find(({ id }) => id === newest.id);
  if (twin) {
    const others = candidates.filter((candidate) => candidate !== twin);
    return [...others, { ...newest, openedAt: twin.openedAt }];
  }
  const stores = byOrigin(candidates);
  const ownStore = stores.get(originOf(newest)) ?? [];
  const isFull = ownStore.length > 0 ? ownStore.length >= perOrigin : stores.size >= origins;
  if (!isFull) return [...candidates, newest];
  const fullestFirst = [...stores.values()].sort((a, b) => b.length - a.length);
  const order = ownStore.length > 0 ? [ownStore] : fullestFirst;
  const leaves =
    order
      .map((store) =>
        oldestOf(
          store.filter(({ openedAt }) => !openedAt),
          inUse,
        ),
      )
      .find(Boolean) ?? oldestOf(order.flat(), inUse);
  return [...candidates.filter((candidate) => candidate !== leaves), newest];
}

/** The candidates of each store, in the order given, by the store's origin. */
export function byOrigin(candidates: readonly Candidate[]): Map<string, Candidate[]> {
  const stores = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const origin = originOf(candidate);
    stores.set(origin, [...(stores.get(origin) ?? []), candidate]);
  }
  return stores;
}

function oldestOf(
  candidates: readonly Candidate[],
  inUse: string | undefined,
): Candidate | undefined {
  return candidates
    .filter(({ id }) => id !== inUse)
    .sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime())[0];
}
