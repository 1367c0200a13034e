import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../log.js';
import { answerFor } from './answer-for.js';

/** What the failure page shows; `canClose` where the page stands in Magento's popup. */
export interface FailureView {
  readonly text: string;
  readonly next: string;
  readonly code: string;
  readonly inPopup: boolean;
}

/** Turns every failure into an answer and logs it, once: 5xx as an error, the rest as a warning. */
export function errorHandler({ log }: { readonly log: Logger }): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const { status, text, next: nextStep, code } = answerFor(error);
    log[status >= 500 ? 'error' : 'warn']({ event: 'request_failed', code, status, err: error });
    if (res.headersSent) {
      next(error);
      return;
    }
    res.status(status);
    if (req.accepts(['html', 'json']) === 'json') {
      res.json({ code, text, next: nextStep });
      return;
    }
    const inPopup = res.locals['inPopup'] === true;
    res.render('failure', { text, next: nextStep, code, inPopup } satisfies FailureView);
  };
}
