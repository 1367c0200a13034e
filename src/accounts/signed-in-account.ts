import type { Request } from 'express';
import { isStill, type Account } from './account.js';
import type { AccountStore } from './account-store.js';
import type { SignInStore } from './sign-in-store.js';

/** A sign-in that is not used ends after the first, one that is used without a break after the second. */
const idleMs = 15 * 60_000;
const longestMs = 8 * 3_600_000;

export interface SignedInDeps {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly signIns: SignInStore;
  readonly now: () => Date;
}

/**
 * The account this browser is signed in as, read anew, and the sign-in is used by that. `undefined` once either time is
 * over, the browser signed out, or the account is disabled, gone, or has had its sign-ins ended.
 */
export async function signedInAccount(
  deps: SignedInDeps,
  req: Request,
): Promise<Account | undefined> {
  const { person } = req.session;
  const now = deps.now();
  if (!person || now.getTime() - person.signedInAt >= longestMs) return undefined;
  const [lastUse, account] = await Promise.all([
    deps.signIns.lastUse(person.id),
    deps.accounts.find(person.name),
  ]);
  if (!lastUse || now.getTime() - lastUse.getTime() >= idleMs) return undefined;
  if (!isStill(account, person.era)) return undefined;
  await deps.signIns.use(person.id, now);
  return account;
}
