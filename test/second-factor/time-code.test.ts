import { describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { enrolmentAddress, newSecret, stepOfCode } from '../../src/second-factor/time-code.js';

/** The secret of RFC 6238, appendix B, `12345678901234567890` in base32. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** Its SHA-1 rows, in seconds since 1970. The RFC has eight digits; the last six are the code of six. */
const rows: [seconds: number, eightDigits: string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
];

function at(seconds: number): Date {
  return new Date(seconds * 1000);
}

describe('stepOfCode', () => {
  for (const [seconds, eightDigits] of rows) {
    it(`takes what RFC 6238 says of the second ${seconds}`, () => {
      const step = Math.floor(seconds / 30);

      expect(stepOfCode(secret, eightDigits.slice(2), at(seconds), 0)).toBe(step);
      expect(stepOfCode(newSecret(), eightDigits.slice(2), at(seconds), 0)).toBeUndefined();
    });
  }

  const start = 1_800_000_000;
  const code = generateSync({ secret, epoch: start });
  const clocks: [what: string, seconds: number, isTaken: boolean][] = [
    ['as the step begins', 0, true],
    ['in its last second', 29, true],
    ['in the last second of the next step', 59, true],
    ['a second later', 60, false],
    ['as the step before begins', -30, true],
    ['a second earlier', -31, false],
    ['an hour later', 3600, false],
  ];
  for (const [what, seconds, isTaken] of clocks) {
    it(`${isTaken ? 'takes' : 'refuses'} a code ${what}`, () => {
      const step = stepOfCode(secret, code, at(start + seconds), 0);

      expect(step).toBe(isTaken ? start / 30 : undefined);
    });
  }

  it('takes no code of a step that is not later than the last one', () => {
    const step = start / 30;

    expect(stepOfCode(secret, code, at(start), step - 1)).toBe(step);
    expect(stepOfCode(secret, code, at(start), step)).toBeUndefined();
    expect(stepOfCode(secret, code, at(start), step + 1_000)).toBeUndefined();
  });
});

describe('newSecret', () => {
  it('has 160 bits, and others each time', () => {
    const secrets = Array.from({ length: 100 }, newSecret);

    expect(secrets.filter((one) => !/^[A-Z2-7]{32}$/.test(one))).toEqual([]);
    expect(new Set(secrets).size).toBe(100);
  });
});

describe('enrolmentAddress', () => {
  it('names the app, its host and the account, and holds the secret', () => {
    const address = new URL(enrolmentAddress(secret, 'olga@x.example', 'integration.example'));

    expect(decodeURIComponent(address.href.split('?')[0] ?? '')).toBe(
      'otpauth://totp/Magento integration (integration.example):olga@x.example',
    );
    expect(Object.fromEntries(address.searchParams)).toEqual({
      secret,
      issuer: 'Magento integration (integration.example)',
    });
  });
});
