import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { AccountStore } from '../accounts/account-store.js';
import { isStill } from '../accounts/account.js';
import { saveSession, sessionRequired, type SignInDeps } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import type { Logger } from '../log.js';
import { awaitingCodeIn, endAwaiting } from '../second-factor/awaiting-code.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { consoleForm, csrfTokenOf } from './console-session.js';
import { goOnAs, showForm } from './sign-in.js';
import type { Problem } from './sign-in-view.js';

export interface ConsoleCodeDeps extends SignInDeps {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly secondFactors: Pick<SecondFactors, 'acceptForSignIn'>;
  readonly log: Logger;
}

const codeForm = z.object({ code: z.string().max(64) });

/** `/sign-in/code`: the second step of an operator's sign-in, for whoever gave the right password minutes ago. */
export function consoleCodeRoutes(deps: ConsoleCodeDeps): Router {
  const router = Router();

  router.get('/sign-in/code', sessionRequired, async (req, res) => {
    if (awaitingCodeIn(req, 'console', deps.now())) await showCodeForm(deps, req, res);
    else res.redirect(303, '/console/sign-in');
  });

  router.post('/sign-in/code', sessionRequired, ...consoleForm, async (req, res) => {
    const awaiting = awaitingCodeIn(req, 'console', deps.now());
    if (!awaiting) {
      await askForPassword(deps, req, res, 'sign_in_required');
      return;
    }
    const typed = codeForm.safeParse(req.body).data?.code ?? '';
    const verdict = await deps.secondFactors.acceptForSignIn(awaiting, typed);
    if (verdict === 'wrong_code') {
      const problem = answerFor(new AppError(verdict, ''));
      res.status(problem.status);
      await showCodeForm(deps, req, res, problem);
      return;
    }
    await endAwaiting(req, 'console');
    const account = await deps.accounts.find(awaiting.account);
    if (verdict === 'too_many_codes') await askForPassword(deps, req, res, verdict);
    else if (!isStill(account, awaiting.era)) {
      await askForPassword(deps, req, res, 'wrong_password');
    } else if (account.role !== 'operator')
      await askForPassword(deps, req, res, 'operator_required');
    else await goOnAs(deps, req, res, account);
  });
  return router;
}

async function showCodeForm(
  deps: ConsoleCodeDeps,
  req: Request,
  res: Response,
  problem?: Problem,
): Promise<void> {
  const csrfToken = csrfTokenOf(req, deps);
  await saveSession(req);
  res.render('console/sign-in-code', { csrfToken, problem });
}

async function askForPassword(
  deps: ConsoleCodeDeps,
  req: Request,
  res: Response,
  code: 'too_many_codes' | 'sign_in_required' | 'wrong_password' | 'operator_required',
): Promise<void> {
  const problem = answerFor(new AppError(code, ''));
  deps.log.warn({ event: 'operator_sign_in_refused', code });
  res.status(problem.status);
  await showForm(deps, req, res, { username: '', problem });
}
