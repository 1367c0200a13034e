import { expect } from '@jest/globals';
import { AppError, type ErrorCode } from '../../src/errors.js';
import { answerFor } from '../../src/http/answer-for.js';
import { plainWords } from '../../src/language/words.js';

/** Expects the page that tells a failure and the next step, under its status, and no way back to Magento. */
export function expectFailure(
  response: { status: number; text: string; headers: unknown },
  code: ErrorCode,
): void {
  const { status, text, next } = answerFor(new AppError(code, ''));
  expect(response.text).toContain(code);
  for (const sentence of [text, next]) {
    expect(readable(response.text)).toContain(plainWords(sentence));
  }
  expect(response.status).toBe(status);
  expect(response.headers).not.toHaveProperty('location');
}

/** What somebody reads on a page. */
export function readable(html: string): string {
  return html
    .replaceAll(/<(b|span)( class="host")?>|<\/(b|span)>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&#34;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
