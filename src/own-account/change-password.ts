import type { Request, Response } from 'express';
import { z } from 'zod';
import { newPasswordProblem, type Account } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { signIn, type SignInDeps } from '../accounts/session.js';
import { AppError } from '../errors.js';
import type { InvitationStore } from '../invitations/invitation-store.js';
import { speechOf } from '../language/speech.js';
import type { Logger } from '../log.js';
import { forgetPlaces } from '../sign-in/place-session.js';
import { stepUp, type Refusal, type StepUpDeps } from '../sign-in/step-up.js';
import { accountOf } from '../sign-in/require-account.js';

export interface ChangePasswordDeps extends StepUpDeps, SignInDeps {
  readonly accounts: Pick<AccountStore, 'replacePassword'>;
  readonly invitations: Pick<InvitationStore, 'endLinks'>;
  readonly log: Logger;
}

const passwordForm = z.object({ new_password: z.string(), new_password_again: z.string() });

/**
 * Gives the account another password, for its present one and a code where it has a second factor. That ends all of its
 * sign-ins, and every link that sets a password; this browser is signed in anew. Answers what was wrong; `undefined`: nothing.
 *
 * @throws AppError `sign_in_required` where all sign-ins were ended meanwhile
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  req: Request,
  res: Response,
): Promise<Refusal | undefined> {
  // First what costs nothing: a code that was looked at is spent.
  const typed = passwordForm.safeParse(req.body).data ?? {
    new_password: '',
    new_password_again: '',
  };
  const problem = problemOf(typed);
  if (problem) return refusalOf(res, problem);
  const refusal = await stepUp(deps, res, req.body);
  if (refusal) return refusal;
  const account = await deps.accounts.replacePassword(accountOf(res), typed.new_password);
  if (!account) throw new AppError('sign_in_required', 'the sign-ins of the account were ended');
  await deps.invitations.endLinks(account.name);
  await startAnew(deps, req, account);
  deps.log.info({ event: 'password_changed', account: account.name });
  return undefined;
}

async function startAnew(deps: SignInDeps, req: Request, account: Account): Promise<void> {
  await signIn(deps, req, account);
  await forgetPlaces(req);
}

function problemOf(typed: z.infer<typeof passwordForm>) {
  return (
    newPasswordProblem(typed.new_password) ??
    (typed.new_password === typed.new_password_again ? undefined : 'different')
  );
}

function refusalOf(res: Response, problem: 'tooShort' | 'tooLong' | 'different'): Refusal {
  const { t } = speechOf(res);
  return {
    status: 400,
    text: t(`account.newPassword.${problem}.text`),
    next: t(`account.newPassword.${problem}.next`),
  };
}
