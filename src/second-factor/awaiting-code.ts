import type { Request } from 'express';
import type { Account } from '../accounts/account.js';
import { changeSession, moveSession } from '../accounts/session.js';

declare module 'express-session' {
  interface SessionData {
    /** Who gave the right password here and owes a code: in the console (`console`), or in a popup, by its id. */
    awaitingCode?: Readonly<Record<string, AwaitingCode>>;
  }
}

/** A sign-in between its password and its code. Nobody is signed in by it. */
export interface AwaitingCode {
  /** Tells this sign-in from all others, where tries are counted. */
  readonly id: string;
  readonly account: string;
  /** Of the account, as it was when the password was checked. */
  readonly era: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const lifeMs = 5 * 60_000;

/** Notes that a password was right, in a session with a new id. For five minutes a code completes the sign-in. */
export async function awaitCode(
  req: Request,
  deps: { readonly now: () => Date; readonly randomToken: () => string },
  place: string,
  { name: account, era }: Account,
): Promise<void> {
  const now = deps.now().getTime();
  const others = Object.entries(req.session.awaitingCode ?? {}).filter(
    ([, { expiresAt }]) => expiresAt > now,
  );
  const awaiting: AwaitingCode = {
    id: deps.randomToken(),
    account,
    era,
    expiresAt: now + lifeMs,
  };
  await moveSession(req, { awaitingCode: Object.fromEntries([...others, [place, awaiting]]) });
}

/** The sign-in that waits for its code in this place; `undefined` where none does, or no longer. */
export function awaitingCodeIn(req: Request, place: string, now: Date): AwaitingCode | undefined {
  const awaiting = new Map(Object.entries(req.session.awaitingCode ?? {})).get(place);
  return awaiting && awaiting.expiresAt > now.getTime() ? awaiting : undefined;
}

/** Ends the wait, whatever it came to; saved when this resolves. */
export async function endAwaiting(req: Request, place: string): Promise<void> {
  await changeSession(req, () => {
    const others = Object.entries(req.session.awaitingCode ?? {}).filter(([id]) => id !== place);
    req.session.awaitingCode = Object.fromEntries(others);
  });
}
