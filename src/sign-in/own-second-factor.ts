import type { RequestHandler, Response } from 'express';
import type { SecondFactor } from '../second-factor/second-factor.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { accountOf } from './require-account.js';

/** Looks up the second factor of the account whose request this is; only behind `requireAccount`. */
export function lookUpSecondFactor(deps: {
  readonly secondFactors: Pick<SecondFactors, 'find'>;
}): RequestHandler {
  return async (_req, res, next) => {
    await lookUpAgain(deps, res);
    next();
  };
}

/** The same once more, after it was changed. */
export async function lookUpAgain(
  deps: { readonly secondFactors: Pick<SecondFactors, 'find'> },
  res: Response,
): Promise<void> {
  res.locals['secondFactor'] = await deps.secondFactors.find(accountOf(res).name);
}

/** The account's second factor as it was last looked up; `undefined`: none is on. */
export function secondFactorOf(res: Response): SecondFactor | undefined {
  return res.locals['secondFactor'] as SecondFactor | undefined;
}
