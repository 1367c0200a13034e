import { describe, expect, it } from '@jest/globals';
import { momentOf } from '../../src/language/moment.js';

const now = new Date('2026-03-01T12:00:00Z');

describe('momentOf', () => {
  const ages = [
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [3_599, '59 minutes ago'],
    [3_600, '1 hour ago'],
    [86_399, '23 hours ago'],
    [86_400, '1 day ago'],
    [30 * 86_400, '1 month ago'],
    [800 * 86_400, '2 years ago'],
    [-5, 'just now'],
  ] as const;
  for (const [seconds, words] of ages) {
    it(`tells ${seconds} seconds as "${words}"`, () => {
      expect(momentOf(new Date(now.getTime() - seconds * 1000), now).relative).toBe(words);
    });
  }

  it('gives the exact time for people and for machines', () => {
    expect(momentOf(now, now)).toMatchObject({
      exact: '2026-03-01 12:00:00 UTC',
      iso: '2026-03-01T12:00:00.000Z',
    });
  });
});
