import { describe, expect, it } from '@jest/globals';
import { randomNonce } from '../../src/magento/nonce.js';
import { readSupportCode, supportCode } from '../../src/timeline/support-code.js';

describe('a support code', () => {
  it('is short, can be read out, and is the same for one integration every time', () => {
    const consumerKey = randomNonce();

    const code = supportCode(consumerKey);

    expect(code).toMatch(/^ACT-[2-9A-HJ-NP-Z]{6}$/);
    expect(supportCode(consumerKey)).toBe(code);
    expect(supportCode(randomNonce())).not.toBe(code);
    expect(consumerKey.toUpperCase()).not.toContain(code.slice(4));
  });
});

describe('a code that was typed', () => {
  for (const typed of [
    'ACT-7F3KQ9',
    'act-7f3kq9',
    '7f3kq9',
    ' ACT 7F3 KQ9\t',
    'ACT7F3KQ9',
    'act\u20137f3\u2011kq9',
    'A C T - 7 f 3 k q 9',
  ]) {
    it(`is read: ${JSON.stringify(typed)}`, () => {
      expect(readSupportCode(typed)).toBe('ACT-7F3KQ9');
    });
  }

  it('may begin as all codes do', () => {
    expect(readSupportCode('act234')).toBe('ACT-ACT234');
    expect(readSupportCode('act-act234')).toBe('ACT-ACT234');
  });

  for (const typed of [
    '',
    'ACT-',
    'ACT-7F3KQ',
    'ACT-7F3KQ99',
    'ACT-7F3KO9',
    'shop.example',
    '7F3KQ9!',
    'ACT-7F3KQ9 ACT-7F3KQ9',
  ]) {
    it(`is none: ${JSON.stringify(typed)}`, () => {
      expect(readSupportCode(typed)).toBeUndefined();
    });
  }
});
