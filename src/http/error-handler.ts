import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../log.js';
import { answerFor } from './answer-for.js';

/** What the failure page shows. */
export interface FailureView {
  readonly text: string;
  readonly next: string;
  /** Tells support what happened, and with which integration where that is known. */
  readonly code: string;
  readonly inPopup: boolean;
  /** An address of ours to try again at; empty where that makes no sense. */
  readonly tryAgain: string;
}

/** What a route knows and the failure page should show; kept in `res.locals`, since a failure has no other way. */
export interface FailureContext {
  inPopup?: boolean;
  supportCode?: string;
  tryAgain?: string;
}

/** Turns every failure into an answer and logs it, once: 5xx as an error, the rest as a warning. */
export function errorHandler({ log }: { readonly log: Logger }): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const { status, text, next: nextStep, canRetry, code } = answerFor(error);
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
    const context: FailureContext = res.locals;
    const view: FailureView = {
      text,
      next: nextStep,
      code: context.supportCode === undefined ? code : `${context.supportCode} ${code}`,
      inPopup: context.inPopup ?? false,
      tryAgain: (canRetry && context.tryAgain) ?? '',
    };
    res.render('failure', view);
  };
}
