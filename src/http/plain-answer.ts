import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, type ErrorCode } from '../errors.js';
import { plainWords } from '../language/words.js';
import { answerFor } from './answer-for.js';

/** Answers a request, or hands it on. What is one of these stands in front of Express. */
export type PlainHandler = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

export function answerPlainly(res: ServerResponse, status: number, text: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

/** Answers a failure as one line of plain text: its reader is a program or its log. Answers its code. */
export function refusePlainly(res: ServerResponse, error: unknown): ErrorCode | 'unexpected' {
  const { status, code, text } = answerFor(error);
  const reason = error instanceof AppError && status < 500 ? ` ${error.message}` : '';
  answerPlainly(res, status, `${code}: ${plainWords(text)}${reason}\n`);
  return code;
}
