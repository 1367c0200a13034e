import { Router, type Request, type Response } from 'express';
import type { AccountStore } from '../accounts/account-store.js';
import { isStill } from '../accounts/account.js';
import { saveSession, sessionRequired, type SignInDeps } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { speechOf } from '../language/speech.js';
import type { Logger } from '../log.js';
import { awaitingCodeIn, endAwaiting } from '../second-factor/awaiting-code.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { typedCode } from '../second-factor/typed-code.js';
import { csrfTokenOf, placeForm } from './place-session.js';
import { goOnAs, showForm } from './sign-in.js';
import { mayEnter, type SignInPlace } from './sign-in-place.js';
import type { Problem } from './sign-in-view.js';

export interface SignInCodeDeps extends SignInDeps {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly secondFactors: Pick<SecondFactors, 'acceptForSignIn'>;
  readonly log: Logger;
}

/** `/sign-in/code` of a place: the second step of a sign-in, for whoever gave the right password minutes ago. */
export function signInCodeRoutes(deps: SignInCodeDeps, place: SignInPlace): Router {
  const router = Router();
  const { name, path } = place;

  router.get('/sign-in/code', sessionRequired, async (req, res) => {
    if (awaitingCodeIn(req, name, deps.now())) await showCodeForm(deps, place, req, res);
    else res.redirect(303, `${path}/sign-in`);
  });

  router.post('/sign-in/code', sessionRequired, ...placeForm(place), async (req, res) => {
    const awaiting = awaitingCodeIn(req, name, deps.now());
    if (!awaiting) {
      await askForPassword(deps, place, req, res, 'sign_in_required');
      return;
    }
    const typed = typedCode(req.body);
    const verdict = await deps.secondFactors.acceptForSignIn(awaiting, typed);
    if (verdict === 'wrong_code') {
      const problem = answerFor(new AppError(verdict, ''), speechOf(res).t);
      res.status(problem.status);
      await showCodeForm(deps, place, req, res, problem);
      return;
    }
    await endAwaiting(req, name);
    const account = await deps.accounts.find(awaiting.account);
    if (verdict === 'too_many_codes') await askForPassword(deps, place, req, res, verdict);
    else if (!isStill(account, awaiting.era)) {
      await askForPassword(deps, place, req, res, 'wrong_password');
    } else if (!mayEnter(place, account)) {
      await askForPassword(deps, place, req, res, 'operator_required');
    } else await goOnAs(deps, place, req, res, account);
  });
  return router;
}

async function showCodeForm(
  deps: SignInCodeDeps,
  place: SignInPlace,
  req: Request,
  res: Response,
  problem?: Problem,
): Promise<void> {
  const csrfToken = csrfTokenOf(req, place, deps);
  await saveSession(req);
  res.render(place.views.code, { csrfToken, problem });
}

async function askForPassword(
  deps: SignInCodeDeps,
  place: SignInPlace,
  req: Request,
  res: Response,
  code: 'too_many_codes' | 'sign_in_required' | 'wrong_password' | 'operator_required',
): Promise<void> {
  const problem = answerFor(new AppError(code, ''), speechOf(res).t);
  deps.log.warn({ event: `${place.people}_sign_in_refused`, code });
  res.status(problem.status);
  await showForm(deps, place, req, res, { username: '', problem });
}
