import { setTimeout as pause } from 'node:timers/promises';

/** Work that outlives the request it came from: exchanges above all. A stop waits for it. */
export function workUnderWay() {
  const works = new Set<Promise<unknown>>();

  async function allSettled(): Promise<void> {
    while (works.size > 0) await Promise.allSettled(works);
  }

  return {
    /** Takes note of some work, and answers it. */
    add<Result>(this: void, work: Promise<Result>): Promise<Result> {
      works.add(work);
      return work.finally(() => works.delete(work));
    },

    /** Waits until nothing is under way, or for so long. */
    async settled(mostMs?: number): Promise<void> {
      const ended = new AbortController();
      const timeout = mostMs !== undefined && pause(mostMs, undefined, { signal: ended.signal });
      await Promise.race([allSettled(), ...(timeout ? [timeout] : [])]);
      ended.abort();
    },
  };
}
