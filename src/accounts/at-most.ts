/**
 * Runs so many pieces of work at once; the others wait for their turn, in the order they came. Where only so many may
 * wait, what comes beyond them fails with `noRoom()`.
 */
export function atMost(
  most: number,
  line?: { readonly waiting: number; readonly noRoom: () => Error },
) {
  const waiting: (() => void)[] = [];
  let free = most;

  return async function run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (free > 0) free -= 1;
    else if (line && waiting.length >= line.waiting) throw line.noRoom();
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
