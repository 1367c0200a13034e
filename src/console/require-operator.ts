import type { RequestHandler, Response } from 'express';
import type { Account } from '../accounts/account.js';
import { accountOf, requireAccount, type RequireAccountDeps } from '../sign-in/require-account.js';
import { consolePlace } from './console-place.js';

/** Lets operators pass; a page asked for by anybody else leads to their sign-in, the rest is refused. */
export function requireOperator(deps: RequireAccountDeps): RequestHandler {
  return requireAccount(deps, consolePlace);
}

/** The operator whose request this is; only behind `requireOperator`. */
export function operatorOf(res: Response): Account {
  return accountOf(res);
}
