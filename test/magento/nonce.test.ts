import { describe, expect, it } from '@jest/globals';
import { randomNonce } from '../../src/magento/nonce.js';

describe('randomNonce', () => {
  const nonces = Array.from({ length: 2_000 }, randomNonce);

  it('is 32 characters that every release stores as they are', () => {
    expect(nonces.filter((nonce) => !/^[0-9a-z]{32}$/.test(nonce))).toEqual([]);
  });

  it('is another one each time', () => {
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('uses the whole alphabet', () => {
    expect(new Set(nonces.join('')).size).toBe(36);
  });
});
