import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../errors.js';

/** The name of the hidden field every form of ours carries. */
const csrfField = '_csrf';

/** @throws AppError of this code unless the form carries the token it was given. */
export function checkCsrfToken(
  expected: string | undefined,
  body: unknown,
  code: 'form_expired' | 'page_expired' = 'form_expired',
): void {
  const given = (body as Record<string, unknown> | undefined)?.[csrfField];
  if (expected === undefined || typeof given !== 'string' || !same(expected, given)) {
    throw new AppError(code, 'the form has not the CSRF token of this session');
  }
}

function same(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
