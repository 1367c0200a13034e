/** How often the loops of chance go round: a few times in `npm test`, more with `npm run test:faults -- --rounds N`. */
export function rounds(usual: number): number {
  const wanted = Number(process.env['FAULT_ROUNDS'] ?? '');
  return Number.isInteger(wanted) && wanted > 0 ? wanted : usual;
}

/** The time that a test may take which takes so long for each round. */
export function timeLimit(count: number, msEach: number): number {
  return 60_000 + count * msEach;
}

/** Names the sequence of a run's random numbers: `FAULT_SEED` repeats one. */
export const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);

/** Random numbers from 0 to 1 that follow from the seed (mulberry32). */
export function chance(from = seed): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Works through a list, so many at a time. Answers the results in the order of the list. */
export async function inParallel<Item, Result>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item, place: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [place, item] = next;
      results[place] = await work(item, place);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Shows a line beside jest's own. */
export function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
