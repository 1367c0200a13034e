import type { Request, RequestHandler } from 'express';
import { checkCsrfToken } from './csrf.js';
import { form, formOnly } from './form.js';

/**
 * Reads a form into `req.body` that carries a token of this session.
 *
 * @throws AppError `not_form_encoded`, `too_large`, `page_expired` when it does not carry it
 */
export function pageForm(tokenOf: (req: Request) => string | undefined): readonly RequestHandler[] {
  return [
    formOnly,
    form(),
    (req, _res, next) => {
      checkCsrfToken(tokenOf(req), req.body, 'page_expired');
      next();
    },
  ];
}
