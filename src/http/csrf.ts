import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors.js';

/** The name of the hidden field every form of ours carries. */
const csrfField = '_csrf';

/** @throws AppError `form_expired` unless the form carries the token it was given. */
export function checkCsrfToken(expected: string | undefined, body: unknown): void {
  const given = (body as Record<string, unknown> | undefined)?.[csrfField];
  if (expected === undefined || typeof given !== 'string' || !same(expected, given)) {
    throw new AppError('form_expired', 'the form has not the CSRF token of this session');
  }
}

function same(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
