import type { RequestHandler, Response } from 'express';
import type { Account } from '../accounts/account.js';
import { sessionRequired } from '../accounts/session.js';
import { signedInAccount, type SignedInDeps } from '../accounts/signed-in-account.js';
import { AppError } from '../errors.js';
import { countVisit, type VisitCounter } from '../http/visit-limit.js';
import { rememberPageAskedFor } from './console-session.js';

/**
 * Lets operators pass. The account is read for every request, so that a change of its role, or an end to its sign-ins,
 * counts from the next one on. A page asked for by anybody else leads to the sign-in; the rest is refused.
 *
 * @throws AppError `sign_in_required`, `too_many_requests`
 */
export function requireOperator(
  deps: SignedInDeps & {
    /** Counts those who are led to the sign-in: each may leave a session behind. */
    readonly visits: VisitCounter;
    readonly randomToken: () => string;
  },
): RequestHandler {
  return async (req, res, next) => {
    sessionRequired(req, res, () => undefined);
    const account = await signedInAccount(deps, req);
    if (account?.role === 'operator') {
      res.locals['operator'] = account;
      next();
      return;
    }
    if (['GET', 'HEAD'].includes(req.method) && req.accepts(['html', 'json']) === 'html') {
      await countVisit(deps, req, res);
      await rememberPageAskedFor(req, deps);
      res.redirect(303, '/console/sign-in');
      return;
    }
    res.locals['tryAgain'] = '/console/sign-in';
    throw new AppError('sign_in_required', 'no operator is signed in');
  };
}

/** The operator whose request this is; only behind `requireOperator`. */
export function operatorOf(res: Response): Account {
  return res.locals['operator'] as Account;
}
