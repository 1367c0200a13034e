import { expect } from '@jest/globals';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { answerFor } from '../../src/http/answer-for.js';

/** Expects the page that tells a failure and the next step, under its status, and no way back to Magento. */
export function expectFailure(
  response: { status: number; text: string; headers: unknown },
  code: ErrorCode,
): void {
  const { status, text, next } = answerFor(new AppError(code, ''));
  expect(response.text).toContain(code);
  for (const sentence of [text, next]) {
    expect(response.text).toContain(
      sentence.replaceAll("'", '&#39;').replaceAll('"', '&#34;').replaceAll('>', '&gt;'),
    );
  }
  expect(response.status).toBe(status);
  expect(response.headers).not.toHaveProperty('location');
}
