import type { Request } from 'express';
import { changeSession } from '../accounts/session.js';
import { pageForm } from '../http/page-form.js';
import type { Translate } from '../language/translate.js';

declare module 'express-session' {
  interface SessionData {
    /** What the forms of people who have yet to sign in carry. */
    joining?: { readonly csrfToken: string };
  }
}

/** The token that the forms of this session carry, once it is saved: a form that nobody could send is none. */
export async function joiningToken(
  req: Request,
  { randomToken }: { readonly randomToken: () => string },
): Promise<string> {
  await changeSession(req, () => {
    req.session.joining ??= { csrfToken: randomToken() };
  });
  return req.session.joining?.csrfToken ?? '';
}

/** Reads such a form into `req.body`. @throws AppError `page_expired` when it is not of this session. */
export const joiningForm = pageForm((req) => req.session.joining?.csrfToken);

/** Why a form was not done: what is wrong with the name or the password. */
export type JoiningProblem = 'name' | 'taken' | 'tooShort' | 'tooLong';

/** What the page says of the last form, in finished words. */
export interface ProblemView {
  readonly kind: 'bad';
  readonly text: string;
  readonly next: string;
}

export function problemView(t: Translate, problem: JoiningProblem): ProblemView {
  return {
    kind: 'bad',
    text: t(`joining.refused.${problem}.text`),
    next: t(`joining.refused.${problem}.next`),
  };
}
