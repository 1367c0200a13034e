import { AppError } from '../errors.js';
import { atMost } from './at-most.js';

/** What speaks against checking a password at once. */
export interface Suspicion {
  readonly waitMs: number;
  /** Those of one lane wait one after another. */
  readonly lane: string;
  /** Wrong passwords for this account from this network. */
  readonly wrong: number;
}

interface Entry extends Suspicion {
  readonly network: string;
  isChecking: boolean;
  turnAway(): void;
}

export interface LineLimits {
  /**
   * Argon2 runs in libuv's pool, four threads that look up the names of stores as well: it may not have them all.
   *
   * @see https://nodejs.org/api/cli.html#uv_threadpool_sizesize
   */
  readonly atOnce: number;
  readonly inAll: number;
  /** With the longest wait the last of a lane has its answer before a browser, or a merchant, gives up. */
  readonly perLane: number;
}

const usualLimits: LineLimits = { atOnce: 2, inAll: 50, perLane: 5 };

/**
 * Where the checks of passwords of this process wait for their turn. Just before a password is looked at, so is what
 * speaks against it; where that asks for a longer wait than there was, the check goes and waits first. Nobody is refused
 * while there is room. When there is none, somebody goes: who has the longest wait, then who is of the network with the
 * most checks in line, then who has guessed most, then who came last. So whoever is not suspected finds room among those
 * who are, and one network does not keep another out. A check that was turned away ends with `sign_ins_busy`, and did
 * not run.
 */
export function waitingLine(
  wait: (ms: number) => Promise<unknown>,
  limits: LineLimits = usualLimits,
) {
  const line = new Set<Entry>();
  const lanes = new Map<string, Promise<unknown>>();
  const inTurn = atMost(limits.atOnce);

  function makeRoomFor({ lane }: Entry): void {
    const sameLane = [...line].filter((entry) => entry.lane === lane);
    if (lane !== '' && sameLane.length > limits.perLane) worstOf(sameLane)?.turnAway();
    else if (line.size > limits.inAll) worstOf([...line])?.turnAway();
  }

  async function waitInLane(entry: Entry): Promise<void> {
    const { lane, waitMs } = entry;
    // Who is turned away in the middle of the wait keeps the lane until it is over: none gets ahead by that.
    const mine = (lanes.get(lane) ?? Promise.resolve()).then(() =>
      line.has(entry) ? wait(waitMs) : undefined,
    );
    lanes.set(lane, mine);
    await mine;
    if (lanes.get(lane) === mine) lanes.delete(lane);
  }

  return function through<Result>(
    network: string,
    lookAt: () => Promise<Suspicion>,
    check: () => Promise<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        network,
        waitMs: 0,
        lane: '',
        wrong: 0,
        isChecking: false,
        turnAway() {
          line.delete(entry);
          reject(new AppError('sign_ins_busy', 'too many passwords wait to be checked'));
        },
      };
      const tryOnce = async () => {
        const suspicion = await lookAt();
        if (suspicion.waitMs > entry.waitMs) return suspicion;
        entry.isChecking = line.has(entry);
        if (entry.isChecking) resolve(await check());
        line.delete(entry);
        return undefined;
      };
      const stand = async () => {
        while (line.has(entry)) {
          const suspicion = await inTurn(tryOnce);
          if (!suspicion || !line.has(entry)) continue;
          Object.assign(entry, suspicion);
          makeRoomFor(entry);
          await waitInLane(entry);
        }
      };
      line.add(entry);
      makeRoomFor(entry);
      stand()
        .catch(reject)
        .finally(() => line.delete(entry));
    });
  };
}

/** The one that goes when there is no room; not one whose password is being looked at. */
function worstOf(crowd: readonly Entry[]): Entry | undefined {
  const sizes = new Map<string, number>();
  for (const { network } of crowd) sizes.set(network, (sizes.get(network) ?? 0) + 1);
  const rank = (entry: Entry) => [entry.waitMs, sizes.get(entry.network) ?? 0, entry.wrong];
  const isAsBad = (one: readonly number[], other: readonly number[]) => {
    const difference = one.map((value, at) => value - (other[at] ?? 0)).find((gap) => gap !== 0);
    return (difference ?? 0) >= 0;
  };
  return crowd
    .filter(({ isChecking }) => !isChecking)
    .reduce<Entry | undefined>(
      (worst, entry) => (!worst || isAsBad(rank(entry), rank(worst)) ? entry : worst),
      undefined,
    );
}
