/** Work that outlives the request it came from: exchanges above all. A stop waits for it. */
export function workUnderWay() {
  const works = new Set<Promise<unknown>>();

  return {
    /** Takes note of some work, and answers it. */
    add<Result>(this: void, work: Promise<Result>): Promise<Result> {
      works.add(work);
      return work.finally(() => works.delete(work));
    },

    /** Waits until nothing is under way. */
    async settled(): Promise<void> {
      while (works.size > 0) await Promise.allSettled(works);
    },
  };
}
