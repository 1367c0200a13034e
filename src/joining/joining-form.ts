import type { Request, RequestHandler } from 'express';
import { changeSession } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { checkCsrfToken } from '../http/csrf.js';
import { form, formOnly } from '../http/form.js';

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
export const joiningForm: readonly RequestHandler[] = [
  formOnly,
  form(),
  (req, _res, next) => {
    try {
      checkCsrfToken(req.session.joining?.csrfToken, req.body);
    } catch (error) {
      throw new AppError('page_expired', 'the form is not of this session', { cause: error });
    }
    next();
  },
];
