import { isNativeError } from 'node:util/types';

/**
 * What may be said of an ioredis error, in a few words. Its `command.args` and the text of many answers repeat what
 * was sent, passwords and tokens included, so of a server's answer only its first word is kept.
 */
export function failureReason(error: unknown): string {
  if (!isNativeError(error)) return 'unknown error';
  if (error.name === 'ReplyError') return `the server answered ${firstWord(error.message)}`;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.message;
}

function firstWord(answer: string): string {
  return /^[A-Z]+/.exec(answer)?.[0] ?? 'an error';
}
