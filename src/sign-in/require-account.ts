import type { RequestHandler, Response } from 'express';
import type { Account } from '../accounts/account.js';
import { sessionRequired } from '../accounts/session.js';
import { signedInAccount, type SignedInDeps } from '../accounts/signed-in-account.js';
import { AppError } from '../errors.js';
import type { Counter } from '../http/counter.js';
import { countVisit } from '../http/visit-limit.js';
import { rememberPageAskedFor } from './place-session.js';
import { mayEnter, type SignInPlace } from './sign-in-place.js';

export interface RequireAccountDeps extends SignedInDeps {
  /** Counts those who are led to the sign-in: each may leave a session behind. */
  readonly visits: Counter;
  readonly randomToken: () => string;
}

/**
 * Lets those pass whom the place admits. The account is read for every request, so that a change of its role, or an end
 * to its sign-ins, counts from the next one on. A page asked for by anybody else leads to the sign-in; the rest is
 * refused.
 *
 * @throws AppError `sign_in_required`, `too_many_requests`
 */
export function requireAccount(deps: RequireAccountDeps, place: SignInPlace): RequestHandler {
  const signInPath = `${place.path}/sign-in`;
  return async (req, res, next) => {
    sessionRequired(req, res, () => undefined);
    const account = await signedInAccount(deps, req);
    if (account && mayEnter(place, account)) {
      res.locals['account'] = account;
      next();
      return;
    }
    if (['GET', 'HEAD'].includes(req.method) && req.accepts(['html', 'json']) === 'html') {
      await countVisit(deps, req, res);
      await rememberPageAskedFor(req, place, deps);
      res.redirect(303, signInPath);
      return;
    }
    res.locals['tryAgain'] = signInPath;
    throw new AppError('sign_in_required', `nobody is signed in whom the ${place.name} admits`);
  };
}

/** The account whose request this is; only behind `requireAccount`. */
export function accountOf(res: Response): Account {
  return res.locals['account'] as Account;
}
