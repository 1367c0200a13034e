import { Router, type Request, type Response } from 'express';
import { isStill } from '../accounts/account.js';
import { sessionRequired } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { form, formOnly } from '../http/form.js';
import { popupHeaders } from '../http/security-headers.js';
import { awaitingCodeIn, endAwaiting } from '../second-factor/awaiting-code.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { typedCode } from '../second-factor/typed-code.js';
import { noteFailures, noteProblem } from './attempt-notes.js';
import { goOnAs, openPopup, type CheckLoginDeps } from './checklogin.js';
import { showCodeForm } from './code-form.js';
import { showLoginForm } from './login.js';
import type { OpenPopup } from './popup.js';

export interface CheckCodeDeps extends CheckLoginDeps {
  readonly secondFactors: Pick<SecondFactors, 'isOn' | 'acceptForSignIn'>;
}

/** `POST /checklogin/code`: the code of a second factor, after the password; then on as after a password alone. */
export function checkCodeRoutes(deps: CheckCodeDeps): Router {
  const router = Router();
  const parse = [popupHeaders(), sessionRequired, formOnly, form()];

  router.post('/checklogin/code', ...parse, async (req, res) => {
    const popup = openPopup(deps, req, res);
    const awaiting = awaitingCodeIn(req, popup.id, deps.now());
    if (!awaiting) {
      await askForPassword(deps, req, res, popup, 'sign_in_required');
      return;
    }
    noteFailures(deps, res, popup, awaiting.account);
    const typed = typedCode(req.body);
    const verdict = await deps.secondFactors.acceptForSignIn(awaiting, typed);
    if (verdict === 'wrong_code') {
      noteProblem(res, verdict);
      res.status(answerFor(new AppError(verdict, '')).status);
      showCodeForm(req, res, popup, verdict);
      return;
    }
    await endAwaiting(req, popup.id);
    const account = await deps.accounts.find(awaiting.account);
    if (verdict === 'too_many_codes' || !isStill(account, awaiting.era)) {
      const problem = verdict === 'right' ? 'wrong_password' : verdict;
      await askForPassword(deps, req, res, popup, problem);
      return;
    }
    await goOnAs(deps, req, res, popup, account);
  });

  router.all('/checklogin/code', popupHeaders(), (req, res) => {
    res.set('Allow', 'POST');
    throw new AppError('method_not_allowed', `${req.method} on the code form`);
  });
  return router;
}

async function askForPassword(
  deps: CheckCodeDeps,
  req: Request,
  res: Response,
  popup: OpenPopup,
  problem: 'wrong_password' | 'too_many_codes' | 'sign_in_required',
): Promise<void> {
  noteProblem(res, problem);
  res.status(answerFor(new AppError(problem, '')).status);
  await showLoginForm(deps, req, res, popup, { problem, username: '' });
}
