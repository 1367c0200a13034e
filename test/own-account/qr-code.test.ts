import { describe, expect, it } from '@jest/globals';
import { qrCode } from '../../src/own-account/qr-code.js';

/** The dark modules of the path, as `column,row`. */
function darkIn(path: string): Set<string> {
  return new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
}

describe('qrCode', () => {
  const texts = Array.from({ length: 40 }, (_, turn) => `otpauth://totp/olga?secret=${turn}`);

  it('draws nothing but squares, inside of its size', () => {
    const { size, path } = qrCode('otpauth://totp/olga');

    expect(path).toMatch(/^(M\d+ \d+h1v1h-1z)+$/);
    for (const place of darkIn(path)) {
      for (const at of place.split(',')) expect(Number(at)).toBeLessThan(size);
    }
  });

  it('has its marks in three corners, and is not mirrored', () => {
    const codes = texts.map(qrCode).map(({ size, path }) => ({ size, dark: darkIn(path) }));

    for (const { size, dark } of codes) {
      const corners = ['0,0', `${size - 1},0`, `0,${size - 1}`];
      expect(corners.filter((corner) => !dark.has(corner))).toEqual([]);
      // ISO/IEC 18004, 7.9: this module is always dark; the one across the diagonal is part of the data.
      expect(dark.has(`8,${size - 8}`)).toBe(true);
    }
    expect(codes.every(({ size, dark }) => dark.has(`${size - 8},8`))).toBe(false);
  });
});
