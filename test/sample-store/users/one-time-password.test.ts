import { describe, expect, it } from '@jest/globals';
import {
  isOneTimePassword,
  oneTimePassword,
} from '../../../src/sample-store/users/one-time-password.js';

/** The ASCII text 12345678901234567890 of RFC 6238, in base32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);

/** The last six of the eight digits in RFC 6238, appendix B. */
describe('a one-time password', () => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ] as const) {
    it(`is ${code} at ${seconds}`, () => {
      expect(oneTimePassword(secret, at(seconds))).toBe(code);
    });
  }

  it('is good for one step before and one after', () => {
    const good = (seconds: number) => isOneTimePassword(secret, '005924', at(seconds));
    const step = Math.floor(1234567890 / 30) * 30;

    expect(good(step - 30)).toBe(true);
    expect(good(step + 59)).toBe(true);
    expect(good(step - 31)).toBe(false);
    expect(good(step + 60)).toBe(false);
  });
});
