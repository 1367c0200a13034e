/** Runs so many pieces of work at once; the others wait for their turn, in the order they came. */
export function atMost(most: number) {
  const waiting: (() => void)[] = [];
  let free = most;

  return async function run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
