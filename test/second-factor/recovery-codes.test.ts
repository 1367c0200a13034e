import { describe, expect, it } from '@jest/globals';
import {
  hashOfRecoveryCode,
  hashOfTyped,
  newRecoveryCodes,
} from '../../src/second-factor/recovery-codes.js';

describe('newRecoveryCodes', () => {
  it('makes ten codes of sixteen characters out of 32, all different', () => {
    const codes = Array.from({ length: 200 }, newRecoveryCodes);

    expect(codes.every((ten) => ten.length === 10)).toBe(true);
    expect(codes.flat().filter((code) => !/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/.test(code))).toEqual([]);
    expect(new Set(codes.flat()).size).toBe(2_000);
    expect(new Set(codes.flat().join('')).size).toBe(33);
  });
});

describe('hashOfTyped', () => {
  const code = 'abcd-efgh-ijkl-mno7';
  const hash = hashOfRecoveryCode('olga', code);

  for (const typed of [code, 'ABCDEFGHIJKLMNO7', ' abcd efgh ijkl mno7\t', 'abcd-efghijkl--mno7']) {
    it(`reads ${JSON.stringify(typed)}`, () => {
      expect(hashOfTyped('olga', typed)).toBe(hash);
    });
  }

  for (const typed of ['', '123456', 'abcd-efgh-ijkl-mno', `${code}a`, 'abcd-efgh-ijkl-mno1']) {
    it(`takes ${JSON.stringify(typed)} for no recovery code`, () => {
      expect(hashOfTyped('olga', typed)).toBeUndefined();
    });
  }

  it('is another one for every account, and shows nothing of the code', () => {
    expect(hashOfTyped('mallory', code)).not.toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
