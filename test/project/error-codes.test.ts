import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AppError, errorCodes } from '../../src/errors.js';
import { answerFor } from '../../src/http/answer-for.js';

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
const section = /^## When it goes wrong$(.*?)^## /ms.exec(readme)?.[1] ?? '';

const rows = [...section.matchAll(/^\| `(\w+)` +\| (\d{3}) /gm)].map(([, code, status]) => ({
  code,
  status: Number(status),
}));

describe("README's table of error codes", () => {
  for (const code of errorCodes) {
    it(`has a row for ${code}, with the status it is answered with`, () => {
      const { status } = answerFor(new AppError(code, 'for the test'));

      expect(rows.filter((row) => row.code === code)).toEqual([{ code, status }]);
    });
  }

  it('has no row for a code that does not exist', () => {
    const known: readonly string[] = errorCodes;

    expect(rows.filter(({ code = '' }) => !known.includes(code))).toEqual([]);
  });
});
