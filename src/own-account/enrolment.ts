import type { Request } from 'express';
import type { Sealed } from '../credentials/key-ring.js';

declare module 'express-session' {
  interface SessionData {
    /** The secret of a second factor that an account sets up here, until its first code is typed. */
    enrolment?: { readonly secret: Sealed; readonly account: string; readonly expiresAt: number };
  }
}

const lifeMs = 10 * 60_000;

/** The enrolment of an account in this session, if it has not expired; else a new one, for ten minutes. */
export function enrolmentOf(
  req: Request,
  account: string,
  now: Date,
  newSecret: (account: string) => Sealed,
): Sealed {
  const { enrolment } = req.session;
  if (enrolment?.account === account && enrolment.expiresAt > now.getTime()) {
    return enrolment.secret;
  }
  const secret = newSecret(account);
  req.session.enrolment = { secret, account, expiresAt: now.getTime() + lifeMs };
  return secret;
}

/** Forgets it, once the second factor is on. */
export function forgetEnrolment(req: Request): void {
  delete req.session.enrolment;
}
