import { AppError } from '../errors.js';
import { atMost } from './at-most.js';

/** How one check of a password stands in the line. */
export interface Turn {
  /** How long it waits once it is first in its lane, before the password is looked at. */
  readonly waitMs: number;
  /** Those of one lane wait one after another; without a lane nobody waits for anybody. */
  readonly lane?: string;
  readonly network: string;
  /** Wrong passwords for this account from this network. */
  readonly wrong: number;
}

interface Entry extends Turn {
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
 * Where the checks of passwords of this process wait for their turn. Nobody is refused while there is room. When there
 * is none, somebody goes: who waits longest for the wrong passwords that came before, then who is of the network with
 * the most checks in line, then who came last. So whoever is not suspected finds room among those who are, and one
 * network does not keep another out. A check that was turned away ends with `sign_ins_busy`, and did not run.
 */
export function waitingLine(
  wait: (ms: number) => Promise<unknown>,
  limits: LineLimits = usualLimits,
) {
  const line = new Set<Entry>();
  const lanes = new Map<string, Promise<void>>();
  const inTurn = atMost(limits.atOnce);

  function makeRoomFor({ lane }: Entry): void {
    const sameLane = [...line].filter((entry) => entry.lane === lane);
    if (lane !== undefined && sameLane.length > limits.perLane) worstOf(sameLane)?.turnAway();
    else if (line.size > limits.inAll) worstOf([...line])?.turnAway();
  }

  async function inLane(lane: string | undefined, step: () => Promise<void>): Promise<void> {
    if (lane === undefined) return step();
    const mine = (lanes.get(lane) ?? Promise.resolve()).then(step);
    lanes.set(lane, mine);
    await mine;
    if (lanes.get(lane) === mine) lanes.delete(lane);
  }

  return function through<Result>(turn: Turn, check: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const leave = () => line.delete(entry);
      const entry: Entry = {
        ...turn,
        isChecking: false,
        turnAway() {
          leave();
          reject(new AppError('sign_ins_busy', 'too many passwords wait to be checked'));
        },
      };
      line.add(entry);
      makeRoomFor(entry);
      void inLane(turn.lane, async () => {
        // Who was turned away in the middle of the wait keeps the lane until it is over: none gets ahead by that.
        if (line.has(entry) && turn.waitMs > 0) await wait(turn.waitMs);
        await inTurn(async () => {
          if (!line.has(entry)) return;
          entry.isChecking = true;
          await check().then(resolve, reject).finally(leave);
        });
      });
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
