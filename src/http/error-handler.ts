import type { ErrorRequestHandler } from 'express';
import { speechOf } from '../language/speech.js';
import { plainWords } from '../language/words.js';
import type { Logger } from '../log.js';
import { addressesToPaste, type AddressesToPaste } from './addresses.js';
import { answerFor, type Answer } from './answer-for.js';

/** What the failure page shows. */
export interface FailureView {
  readonly text: string;
  readonly next: string;
  /** Who can put it right, where that is neither the reader nor time; else empty. */
  readonly fixer: string;
  /** What may lie behind it; empty where that is plain. */
  readonly hint: string;
  /** What to type into Magento, where that is the way on. */
  readonly addresses: AddressesToPaste | undefined;
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
  /** The token of the invitation whose own addresses are to be shown, in the place of the common ones. */
  invitation?: string;
  /** Takes note of what went wrong. Must not throw. */
  noteFailure?: (code: Answer['code']) => void;
}

/** Turns every failure into an answer and logs it, once: 5xx as an error, the rest as a warning. */
export function errorHandler(deps: {
  readonly log: Logger;
  readonly publicUrl: string;
}): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const { t } = speechOf(res);
    const answer = answerFor(error, t);
    const { status, text, code, fixer } = answer;
    deps.log[status >= 500 ? 'error' : 'warn']({
      event: 'request_failed',
      code,
      status,
      err: error,
    });
    const context: FailureContext = res.locals;
    context.noteFailure?.(code);
    if (res.headersSent) {
      next(error);
      return;
    }
    res.status(status);
    if (req.accepts(['html', 'json']) === 'json') {
      // A program and its log: in English, as the console is.
      const plain = answerFor(error);
      res.json({ code, text: plainWords(plain.text), next: plainWords(plain.next) });
      return;
    }
    const view: FailureView = {
      text,
      next: answer.next,
      hint: answer.hasHint ? t(`failures.${code}.hint`) : '',
      fixer: fixer === 'you' || fixer === 'time' ? '' : t(`popup.fixer.${fixer}`),
      addresses: answer.showsAddresses
        ? addressesToPaste(deps.publicUrl, context.invitation)
        : undefined,
      code: context.supportCode === undefined ? code : `${context.supportCode} ${code}`,
      inPopup: context.inPopup ?? false,
      tryAgain: (answer.canRetry && context.tryAgain) ?? '',
    };
    res.render('failure', view);
  };
}
