import { describe, expect, it } from '@jest/globals';
import { isLike } from '../../../src/sample-store/webapi/search/sql-like.js';

describe('LIKE', () => {
  for (const [text, pattern, fits] of [
    ['Tent', 'tent', true],
    ['Tent', 'ten', false],
    ['Tent', 'ten%', true],
    ['Tent', '%', true],
    ['', '%', true],
    ['', '', true],
    ['', '_', false],
    ['Tent', '_en_', true],
    ['Tent', '____', true],
    ['Tent', '_____', false],
    ['a tent by the sea', '%tent%sea', true],
    ['aab', '%ab', true],
    ['abab', 'a%b%c', false],
    ['100%', '100\\%', true],
    ['1000', '100\\%', false],
    ['a_b', 'a\\_b', true],
    ['axb', 'a\\_b', false],
    ['a.b', 'a.b', true],
    ['axb', 'a.b', false],
    ['Größe', 'gr__e', true],
    ['two\nlines', '%lines', true],
  ] as const) {
    it(`${JSON.stringify(text)} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(pattern)}`, () => {
      expect(isLike(text, pattern)).toBe(fits);
    });
  }

  it('does not get lost in a pattern that is meant to', () => {
    expect(isLike('a'.repeat(5000), `${'%a'.repeat(500)}%b`)).toBe(false);
  });
});
