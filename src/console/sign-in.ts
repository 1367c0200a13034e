import { Router, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { sessionRequired, signIn, signOut, signedInName } from '../accounts/session.js';
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
import { signInView } from './sign-in-view.js';

export interface ConsoleSignInDeps {
  readonly accounts: Pick<AccountStore, 'signIn'>;
  readonly now: () => Date;
  readonly randomToken: () => string;
  readonly log: Logger;
}

const signInForm = z.object({ username: z.string(), password: z.string() });

/** `/sign-in` and `/sign-out`: the part of the console that stands in front of `requireOperator`. */
export function consoleSignInRoutes(deps: ConsoleSignInDeps): Router {
  const router = Router();

  router.get('/sign-in', sessionRequired, (req, res) => {
    res.render('console/sign-in', signInView({ csrfToken: csrfTokenOf(req, deps), username: '' }));
  });

  router.post('/sign-in', sessionRequired, formOnly, form(), async (req, res) => {
    const typed = signInForm.safeParse(req.body).data ?? { username: '', password: '' };
    try {
      checkConsoleForm(req);
      const operator = await operatorWith(deps, typed);
      const page = pageAskedFor(req);
      await signIn(req, operator, deps.now());
      await forgetConsole(req);
      deps.log.info({ event: 'operator_signed_in', account: operator.name });
      res.redirect(303, page);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      deps.log.warn({ event: 'operator_sign_in_refused', code: error.code });
      showFormAgain(deps, req, res, typed.username, error);
    }
  });

  router.post('/sign-out', sessionRequired, ...consoleForm, async (req, res) => {
    const name = signedInName(req, deps.now());
    await signOut(req);
    deps.log.info({ event: 'operator_signed_out', account: name });
    res.set('Clear-Site-Data', '"cache"').redirect(303, '/console/sign-in');
  });
  return router;
}

/** @throws AppError `wrong_password`, `operator_required` */
async function operatorWith(
  { accounts }: Pick<ConsoleSignInDeps, 'accounts'>,
  { username, password }: z.infer<typeof signInForm>,
): Promise<Account> {
  const account = await accounts.signIn(username, password);
  if (!account) throw new AppError('wrong_password', 'no such account, or not its password');
  if (account.role !== 'operator') {
    throw new AppError('operator_required', 'the account is not an operator');
  }
  return account;
}

function showFormAgain(
  deps: ConsoleSignInDeps,
  req: Request,
  res: Response,
  username: string,
  error: AppError,
): void {
  const answer = answerFor(error);
  const csrfToken = csrfTokenOf(req, deps);
  res.status(answer.status);
  res.render('console/sign-in', signInView({ csrfToken, username, problem: answer }));
}
