import type { RequestHandler, Response } from 'express';
import type { Account } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { sessionRequired, signedInName } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { countVisit, type VisitCounter } from '../http/visit-limit.js';
import { rememberPageAskedFor } from './console-session.js';

/**
 * Lets operators pass. The role, and whether the account is disabled, are read for every request, so that a change
 * counts from the next one on. A page asked for by anybody else leads to the sign-in; the rest is refused.
 *
 * @throws AppError `sign_in_required`, `too_many_requests`
 */
export function requireOperator(deps: {
  readonly accounts: Pick<AccountStore, 'find'>;
  /** Counts those who are led to the sign-in: each may leave a session behind. */
  readonly visits: VisitCounter;
  readonly now: () => Date;
  readonly randomToken: () => string;
}): RequestHandler {
  return async (req, res, next) => {
    sessionRequired(req, res, () => undefined);
    const name = signedInName(req, deps.now());
    const account = name === undefined ? undefined : await deps.accounts.find(name);
    if (account?.role === 'operator' && !account.disabled) {
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
