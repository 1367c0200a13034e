import { expect } from '@jest/globals';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { answerFor } from '../../src/http/answer-for.js';

/** Expects the page that tells a failure, under its status, and no way back to Magento. */
export function expectFailure(
  response: { status: number; text: string; headers: unknown },
  code: ErrorCode,
): void {
  const { status, text } = answerFor(new AppError(code, ''));
  expect(response.text).toContain(code);
  expect(response.text).toContain(text.replaceAll("'", '&#39;'));
  expect(response.status).toBe(status);
  expect(response.headers).not.toHaveProperty('location');
}
