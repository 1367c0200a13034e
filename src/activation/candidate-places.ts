import { newestFirst, originOf, type Candidate } from './activation.js';

/**
 * So many POSTs of one store, and so many in all, stand side by side under one consumer key at most: of those at the
 * common address, and of those at each account's own.
 */
const perStore = 3;
const inAll = 12;

/** A store beyond these does not get a place of its own. */
const stores = 4;

/**
 * The candidates with a new one among them. It takes its twin's place, else a free one, else that of the oldest which no
 * open popup points at: of its own store if that is full, else of the store with the most. Where popups point at all
 * of them, one that was opened last goes first, since nobody knows who opens popups. The one in use is never given away.
 * What was sent to one account's address takes no place of anybody else's.
 */
export function withPlaceFor(
  all: readonly Candidate[],
  newest: Candidate,
  inUse: string | undefined,
): Candidate[] {
  const candidates = all.filter(({ account }) => account === newest.account);
  const strangers = all.filter(({ account }) => account !== newest.account);
  const twin = candidates.find(({ id }) => id === newest.id);
  if (twin) {
    const others = candidates.filter((candidate) => candidate !== twin);
    return [...strangers, ...others, { ...newest, openedAt: twin.openedAt }];
  }
  const leaves = leavesFor(newest, candidates, inUse);
  return [...strangers, ...candidates.filter((candidate) => candidate !== leaves), newest];
}

function leavesFor(
  newest: Candidate,
  candidates: readonly Candidate[],
  inUse: string | undefined,
): Candidate | undefined {
  const byStore = byOrigin(candidates);
  const ownStore = byStore.get(originOf(newest)) ?? [];
  const isNoPlaceForStore = ownStore.length === 0 && byStore.size >= stores;
  const isOwnFull = ownStore.length >= perStore;
  if (!isOwnFull && !isNoPlaceForStore && candidates.length < inAll) return undefined;
  const fullestFirst = [...byStore.values()].sort((a, b) => b.length - a.length);
  const inTurn = (isOwnFull ? [ownStore] : fullestFirst).map((store) =>
    store.filter(({ id }) => id !== inUse),
  );
  const unopened = inTurn.map((store) => oldestOf(store.filter(({ openedAt }) => !openedAt)));
  return unopened.find(Boolean) ?? oldestOf(lastOpened(inTurn.flat()));
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

function oldestOf(candidates: readonly Candidate[]): Candidate | undefined {
  return newestFirst(candidates).at(-1);
}

function lastOpened(candidates: readonly Candidate[]): Candidate[] {
  const openings = candidates.map(({ openedAt }) => openedAt?.getTime() ?? 0);
  const last = Math.max(...openings);
  return candidates.filter((_, place) => openings[place] === last);
}
