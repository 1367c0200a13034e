import type { Response } from 'express';
import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { checkPassword, type CheckPasswordDeps } from '../http/check-password.js';
import { speechOf } from '../language/speech.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { typedCode } from '../second-factor/typed-code.js';
import { accountOf } from './require-account.js';
import type { Problem } from './sign-in-view.js';

export interface StepUpDeps extends CheckPasswordDeps<Account> {
  readonly secondFactors: Pick<SecondFactors, 'isOn' | 'accept'>;
}

/** Why something was not done, and what to do now. */
export type Refusal = Problem & { readonly status: number };

const passwordForm = z.object({ password: z.string() });
/**
 * Asks whoever is signed in once more who they are: the password, and where a second factor is on, a code of it. The
 * code is not looked at, and not counted, before the password is right. Answers what was wrong; `undefined`: nothing.
 */
export async function stepUp(
  deps: StepUpDeps,
  res: Response,
  body: unknown,
): Promise<Refusal | undefined> {
  const { name } = accountOf(res);
  if (!(await isOwnPassword(deps, res, body))) return wrongPassword(res);
  if (!(await deps.secondFactors.isOn(name))) return undefined;
  const verdict = await deps.secondFactors.accept(name, typedCode(body));
  return verdict === 'right' ? undefined : answerFor(new AppError(verdict, ''), speechOf(res).t);
}

/** Whether the form has the password of the account whose request this is. @throws AppError `sign_ins_busy` */
export async function isOwnPassword(
  deps: CheckPasswordDeps<Account>,
  res: Response,
  body: unknown,
): Promise<boolean> {
  const { data } = passwordForm.safeParse(body);
  if (data === undefined) return false;
  const typed = { username: accountOf(res).name, password: data.password };
  return (await checkPassword(deps, res.req, res, typed)) !== undefined;
}

/** What is said about a wrong password. */
export function wrongPassword(res: Response): Refusal {
  const { t } = speechOf(res);
  return {
    status: 401,
    text: t('account.notYourPassword.text'),
    next: t('account.notYourPassword.next'),
  };
}
