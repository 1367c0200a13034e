import { isNativeError } from 'node:util/types';
import { ZodError } from 'zod';
import { AppError } from '../errors.js';

/** As much of an error as a log may hold. */
export interface ErrorInLog {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  /** Where it was thrown: the frames, without the message that V8 puts in front of them. */
  readonly stack?: string;
  readonly cause?: ErrorInLog;
}

/** Errors hold one another, perhaps in a circle. */
const mostCauses = 4;

/**
 * Reduces what was thrown to its name, code, place and, where it is known to repeat nothing, its message: other
 * people's errors carry what was being worked on. ioredis puts a command's arguments on them, `JSON.parse` quotes its
 * input, Node.js the argument that it refuses.
 */
export function errorInLog(error: unknown, causes = mostCauses): ErrorInLog {
  if (!isError(error)) return { name: typeof error };
  const code = 'code' in error ? word(error.code) : undefined;
  const message = messageInLog(error);
  const stack = framesOf(error);
  return {
    name: word(error.name) ?? 'Error',
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message: shortened(message, 500) }),
    ...(stack !== '' && { stack }),
    ...(isError(error.cause) && causes > 0 && { cause: errorInLog(error.cause, causes - 1) }),
  };
}

/** A time-out's is a DOMException, which counts for Node.js as none of its own. */
function isError(thrown: unknown): thrown is Error {
  return isNativeError(thrown) || thrown instanceof Error;
}

/** Text that may have come from outside, as long as a line of a log can be. */
export function shortened(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** The message of an error of ours; of what else is well known, the part that is the same every time. */
function messageInLog(error: Error): string | undefined {
  if (error instanceof AppError) return error.message;
  if (error instanceof ZodError) return error.issues.map(({ code }) => code).join(', ');
  if (error.name === 'ReplyError') return /^[A-Z]+/.exec(error.message)?.[0];
  if ('syscall' in error) return systemMessage(error);
  return ofIoredis.test(error.message) ? error.message : undefined;
}

/** What ioredis says when there is no reply. It has no names for these. */
const ofIoredis =
  /^(?:Command timed out|Command aborted due to connection close|Connection is closed\.|connect ETIMEDOUT|Stream isn't writeable and enableOfflineQueue options is false|Socket timeout\. Expecting data, but didn't receive any in \d+ms\.)$/;

/** Without the path, which may name anything. */
function systemMessage(
  error: Error & Partial<Record<'syscall' | 'code' | 'hostname' | 'address' | 'port', unknown>>,
): string {
  const { syscall, code, hostname, address, port } = error;
  return [syscall, code, hostname, address, port]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ');
}

/** A name as programs give them, not a text. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^\w{1,60}$/.test(value) ? value : undefined;
}

/** The lines below the message, which stands in the first ones as it was when the error was made. */
function framesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  return stack
    .slice(at === -1 ? 0 : at + message.length)
    .split('\n')
    .filter((line) => /^ {4}at .*(?::\d+:\d+\)?|<anonymous>\)?|native\)?)$/.test(line))
    .join('\n');
}
