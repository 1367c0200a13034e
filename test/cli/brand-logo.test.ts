import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { brandLogo } from '../../src/cli/brand-logo.js';

const folder = mkdtempSync(path.join(tmpdir(), 'mi-logo-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileWith(content: string): string {
  const file = path.join(folder, 'sentinel.png');
  writeFileSync(file, content, 'latin1');
  return file;
}

const png = '\x89PNG\r\n\x1a\n';
const element = '<svg xmlns="http://www.w3.org/2000/svg"/>';

describe('brandLogo', () => {
  it('is none where no file is named', () => {
    expect(brandLogo(undefined)).toBeUndefined();
  });

  const good: Record<string, readonly ['svg' | 'png', string]> = {
    'a PNG': ['png', `${png}anything`],
    'an SVG': ['svg', element],
    'an SVG with a head': [
      'svg',
      `<?xml version="1.0"?>\n<!-- <p> -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n${element}`,
    ],
    'as much as is taken': ['png', png.padEnd(64 * 1024)],
  };
  for (const [what, [kind, content]] of Object.entries(good)) {
    it(`takes ${what}, whatever the file is called`, () => {
      expect(brandLogo(fileWith(content))).toEqual({
        kind,
        content: Buffer.from(content, 'latin1'),
      });
    });
  }

  const wrong: Record<string, () => string> = {
    'is not there': () => path.join(folder, 'sentinel-of-nothing.svg'),
    'is a folder': () => folder,
    'is empty': () => fileWith(''),
    'is a page': () => fileWith(`<!doctype html><html>${element}</html>`),
    'is a JPEG': () => fileWith('\xff\xd8\xff\xe0'),
    'is too large': () => fileWith(png.padEnd(64 * 1024 + 1)),
  };
  for (const [what, file] of Object.entries(wrong)) {
    it(`refuses a file that ${what}, without its name`, () => {
      const message =
        'BRAND_LOGO must be an SVG or PNG file of 64 KB at the most that this user can read.';

      expect(() => brandLogo(file())).toThrow(
        expect.objectContaining({ code: 'wrong_setting', message }),
      );
    });
  }
});
