import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import {
  saveSession,
  sessionRequired,
  signIn,
  signOut,
  type SignInDeps,
} from '../accounts/session.js';
import type { Logger } from '../log.js';
import { awaitCode } from '../second-factor/awaiting-code.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { checkPassword, type CheckPasswordDeps } from '../http/check-password.js';
import { answerFor } from '../http/answer-for.js';
import { form, formOnly } from '../http/form.js';
import { AppError } from '../errors.js';
import {
  checkConsoleForm,
  consoleForm,
  csrfTokenOf,
  forgetConsole,
  pageAskedFor,
} from './console-session.js';
import { signInView, type Problem } from './sign-in-view.js';

export interface ConsoleSignInDeps extends SignInDeps, CheckPasswordDeps<Account> {
  readonly secondFactors: Pick<SecondFactors, 'isOn'>;
  readonly log: Logger;
}

const signInForm = z.object({ username: z.string(), password: z.string() });

/** `/sign-in` and `/sign-out`: the part of the console that stands in front of `requireOperator`. */
export function consoleSignInRoutes(deps: ConsoleSignInDeps): Router {
  const router = Router();

  router.get('/sign-in', sessionRequired, async (req, res) => {
    await showForm(deps, req, res, { username: '' });
  });

  router.post('/sign-in', sessionRequired, formOnly, form(), async (req, res) => {
    const typed = signInForm.safeParse(req.body).data ?? { username: '', password: '' };
    try {
      checkConsoleForm(req);
      const operator = await operatorWith(deps, req, res, typed);
      if (await deps.secondFactors.isOn(operator.name)) {
        await awaitCode(req, deps, 'console', operator);
        res.redirect(303, '/console/sign-in/code');
        return;
      }
      await goOnAs(deps, req, res, operator);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      deps.log.warn({ event: 'operator_sign_in_refused', code: error.code });
      const problem = answerFor(error);
      res.status(problem.status);
      await showForm(deps, req, res, { username: typed.username, problem });
    }
  });

  router.post('/sign-out', sessionRequired, ...consoleForm, async (req, res) => {
    const name = req.session.person?.name;
    await signOut(deps, req);
    deps.log.info({ event: 'operator_signed_out', account: name });
    res.set('Clear-Site-Data', '"cache"').redirect(303, '/console/sign-in');
  });
  return router;
}

/** Signs an operator in who has proven who they are, and leads to the page that was asked for. */
export async function goOnAs(
  deps: SignInDeps & Pick<ConsoleSignInDeps, 'log'>,
  req: Request,
  res: Response,
  operator: Account,
): Promise<void> {
  const page = pageAskedFor(req);
  await signIn(deps, req, operator);
  await forgetConsole(req);
  deps.log.info({ event: 'operator_signed_in', account: operator.name });
  res.redirect(303, page);
}

/** @throws AppError `wrong_password`, `sign_ins_busy`, `operator_required` */
async function operatorWith(
  deps: CheckPasswordDeps<Account>,
  req: Request,
  res: Response,
  typed: z.infer<typeof signInForm>,
): Promise<Account> {
  const account = await checkPassword(deps, req, res, typed);
  if (!account) throw new AppError('wrong_password', 'no such account, or not its password');
  if (account.role !== 'operator') {
    throw new AppError('operator_required', 'the account is not an operator');
  }
  return account;
}

/** Shows the form for the password once its token is saved: a form that nobody could send is none. */
export async function showForm(
  deps: Pick<ConsoleSignInDeps, 'randomToken'>,
  req: Request,
  res: Response,
  shown: { readonly username: string; readonly problem?: Problem },
): Promise<void> {
  const csrfToken = csrfTokenOf(req, deps);
  await saveSession(req);
  res.render('console/sign-in', signInView({ csrfToken, ...shown }));
}
