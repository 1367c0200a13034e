import type { Logger } from '../log.js';
import { accountName, type Account } from './account.js';
import type { AccountStore } from './account-store.js';
import type { FamiliarPlaces } from './familiar-places.js';
import { waitingLine, type Suspicion } from './waiting-line.js';

/** Counts by key, in windows of one length. */
interface WrongCounter {
  add(this: void, key: string, points: number): Promise<{ readonly count: number }>;
}

/** What somebody typed, and where it came from. */
export interface TypedPassword {
  readonly username: string;
  readonly password: string;
  readonly network: string;
  /** The name of the browser, where it has one; no network has such a name. */
  readonly browser?: string | undefined;
}

export type PasswordChecks = ReturnType<typeof passwordChecks>;

/** The counters of wrong passwords: of one account from one network, of a network, of an account. */
export function wrongPasswordCounters(counter: (name: string, seconds: number) => WrongCounter) {
  return {
    here: counter('wrong-here', 15 * 60),
    network: counter('wrong-network', 15 * 60),
    account: counter('wrong-account', 3600),
  };
}

/** So many wrong passwords cost no wait. */
const free = { here: 5, network: 30, account: 20 };

const shortestWaitMs = 250;
const longestWaitMs = 3_000;

/**
 * The one place where a password is checked, wherever it was typed. Wrong ones are counted by account, network, and both;
 * what a count does is make the next check wait, never refuse it. A network from which the account has lately given its
 * right password waits for its own wrong ones alone, so that guesses from elsewhere do not slow its owner down; a browser
 * in which it was given stands apart from its network, so that guesses from next door do not either. Names that have no
 * account are treated alike.
 */
export function passwordChecks(deps: {
  readonly accounts: Pick<AccountStore, 'signIn' | 'find'>;
  readonly familiar: FamiliarPlaces;
  readonly wrong: ReturnType<typeof wrongPasswordCounters>;
  readonly wait: (ms: number) => Promise<unknown>;
  readonly log: Logger;
}) {
  const { accounts, familiar, wrong, log } = deps;
  const through = waitingLine(deps.wait);

  async function count(name: string, place: string, points: 0 | 1) {
    const [here, ofNetwork, account] = await Promise.all([
      wrong.here.add(`${name} ${place}`, points),
      wrong.network.add(place, points),
      wrong.account.add(name, points),
    ]);
    return { here: here.count, network: ofNetwork.count, account: account.count };
  }

  /** A name that nobody has is looked up alike. */
  async function isFamiliar(name: string, place: string): Promise<boolean> {
    return familiar.knows((await accounts.find(name)) ?? { name, era: '' }, place);
  }

  async function suspicionOf(name: string, place: string): Promise<Suspicion> {
    const [counts, mayPass] = await Promise.all([count(name, place, 0), isFamiliar(name, place)]);
    const here = { lane: `here ${name} ${place}`, waitMs: waitFor(counts.here, free.here) };
    const elsewhere = [
      {
        // One lane for all who have guessed at this account before; who comes new does not stand behind them.
        lane: counts.here > 0 ? `account ${name}` : `network ${place}`,
        waitMs: waitFor(counts.account, free.account),
      },
      { lane: `network ${place}`, waitMs: waitFor(counts.network, free.network) },
    ];
    const reasons = mayPass ? [here] : [...elsewhere, here];
    const strongest = reasons.reduce((a, b) => (b.waitMs > a.waitMs ? b : a));
    return { ...strongest, wrong: counts.here };
  }

  return {
    /**
     * The account whose name and password these are.
     *
     * @throws AppError `sign_ins_busy` when too many wait already: nothing was looked at.
     */
    async check(
      this: void,
      { username, password, network, browser }: TypedPassword,
    ): Promise<Account | undefined> {
      const name = accountName.safeParse(username).data ?? '';
      const isKnown = browser !== undefined && (await isFamiliar(name, browser));
      const place = isKnown ? browser : network;
      const suspicion = () => suspicionOf(name, place);
      return through(place, suspicion, async () => {
        const account = await accounts.signIn(username, password);
        if (account) await familiar.note(account, network);
        else await noteWrong(name, place, network);
        return account;
      });
    },

    /** From now on this browser is one in which the account's right password was given. */
    knowBrowser: (account: Account, browser: string) => familiar.note(account, browser),
  };

  /** Logged from where the next one waits. The name only if it is an account's: people type passwords into that field. */
  async function noteWrong(name: string, place: string, network: string): Promise<void> {
    const counts = await count(name, place, 1);
    const { waitMs } = await suspicionOf(name, place);
    if (waitMs === 0) return;
    const account = (await accounts.find(name))?.name;
    const { here: wrong, network: wrongOfNetwork, account: wrongOfAccount } = counts;
    log.warn({ event: 'wrong_passwords', account, network, wrong, wrongOfNetwork, wrongOfAccount });
  }
}

function waitFor(count: number, freeOnes: number): number {
  return count < freeOnes ? 0 : Math.min(longestWaitMs, shortestWaitMs * 2 ** (count - freeOnes));
}
