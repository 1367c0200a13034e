import { AppError, type ErrorCode } from '../errors.js';
import { tellSupport, type Answer } from './answer.js';
import { ownAnswers } from './own-answers.js';
import { storeAnswers } from './store-answers.js';

const answers: Record<ErrorCode, Answer> = { ...ownAnswers, ...storeAnswers };

/** The answer to anything that has no code: a fault of ours, of which nobody outside reads more. */
const unexpected: Answer = {
  status: 500,
  text: 'Something went wrong on our side.',
  next: tellSupport,
  canRetry: true,
};

/** The answer to anything that was thrown, with its code for the log and for support. */
export function answerFor(error: unknown): Answer & { readonly code: ErrorCode | 'unexpected' } {
  const code = codeOf(error);
  if (code === undefined) return { ...unexpected, code: 'unexpected' };
  const answer = answers[code];
  const redirectsTo = error instanceof AppError ? error.redirectsTo : undefined;
  return redirectsTo === undefined
    ? { ...answer, code }
    : { ...answer, next: `It leads to ${redirectsTo}. ${answer.next}`, code };
}

function codeOf(error: unknown): ErrorCode | undefined {
  if (error instanceof AppError) return error.code;
  if (isRedisFailure(error)) return 'redis_unavailable';
  return codeOfParserFailure(error);
}

/** Express and its parsers mark what they refuse with a 4xx status of their own. */
function codeOfParserFailure(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error && 'status' in error && typeof error.status === 'number')) {
    return undefined;
  }
  if (error.status === 413) return 'too_large';
  if (error.status === 415) return 'not_form_encoded';
  return error.status >= 400 && error.status < 500 ? 'bad_request' : undefined;
}

/**
 * ioredis has no class for "Redis cannot serve": no connection, no reply in time, or a server that takes no
 * writes. A reply that names a fault of our own (WRONGTYPE, a script's error) is not one of these.
 */
function isRedisFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  if (name === 'MaxRetriesPerRequestError') return true;
  return (name === 'ReplyError' ? serverCannotServe : noAnswer).test(message);
}

const serverCannotServe =
  /^(OOM|READONLY|LOADING|MISCONF|BUSY|NOREPLICAS|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOAUTH|NOPERM)\b/;
const noAnswer = /^(Command timed out|Connection is closed|Stream isn't writeable|Socket timeout)/;
