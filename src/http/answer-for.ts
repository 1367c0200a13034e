import { AppError, type ErrorCode } from '../errors.js';
import { inEnglish, type Translate } from '../language/translate.js';
import { failures, type Failure } from './failures.js';

/** What a failure means to the person who sees it, in words. */
export interface Answer extends Failure {
  readonly code: ErrorCode | 'unexpected';
  /** What happened, one sentence. */
  readonly text: string;
  /** What to do now; Magento's own words for what to click. */
  readonly next: string;
}

/** The answer to anything that was thrown, with its code for the log and for support. */
export function answerFor(error: unknown, t: Translate = inEnglish): Answer {
  const code = codeOf(error) ?? 'unexpected';
  const redirectsTo = error instanceof AppError ? error.redirectsTo : undefined;
  const next = t(`failures.${code}.next`);
  return {
    ...failures[code],
    code,
    text: t(`failures.${code}.text`),
    next:
      redirectsTo === undefined
        ? next
        : `${t('failures.leadsTo', { origin: redirectsTo })} ${next}`,
  };
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
