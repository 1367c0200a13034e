import type { Request, Response } from 'express';
import { speechOf } from '../language/speech.js';
import { frameOf } from './frame-view.js';

/** The page that says that there is no such page, or no such store of this account, with a way back. */
export function showNotFound(
  deps: { readonly randomToken: () => string },
  req: Request,
  res: Response,
  what: 'page' | 'store',
): void {
  const { t } = speechOf(res);
  res.status(404).render('account/not-found', {
    frame: frameOf(req, res, deps),
    text: t(`account.notFound.${what}.text`),
    detail: t(`account.notFound.${what}.detail`),
  });
}
