import type { Request, Response } from 'express';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { speechOf } from '../language/speech.js';
import { allowFormsTo } from '../http/security-headers.js';
import { supportCode } from '../timeline/support-code.js';
import { popupLinks } from './popup-paths.js';
import type { OpenPopup } from './popup.js';

/** Shows the form for the code of a second factor, after a right password; `problem` is what was wrong with the last. */
export function showCodeForm(
  req: Request,
  res: Response,
  popup: OpenPopup,
  problem?: 'wrong_code',
): void {
  allowFormsTo(popup.callbackOrigin)(req, res, () => undefined);
  res.render('second-factor', {
    problem: problem && answerFor(new AppError(problem, ''), speechOf(res).t),
    isHandedOver: 'handedOver' in popup,
    returnHost: new URL(popup.callbackOrigin).host,
    help: popupLinks(popup.id).help,
    popupId: popup.id,
    csrfToken: popup.csrfToken,
    supportCode: supportCode(popup.consumerKey),
  });
}
