import { readFileSync, statSync } from 'node:fs';
import type { Logo } from '../brand/brand.js';
import { AppError } from '../errors.js';

/** A picture 24 px high needs no more, and the popup is not to wait for it. */
const mostBytes = 64 * 1024;

const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** What may stand before the first element: a declaration, comments, a document type. */
const svg = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/s;

/**
 * The picture that `BRAND_LOGO` names; `undefined` where it is not set. What it is, its content says, not its name.
 *
 * @throws AppError `wrong_setting` when it cannot be read, is too large, or is no such picture.
 */
export function brandLogo(file: string | undefined): Logo | undefined {
  if (file === undefined) return undefined;
  try {
    const { size } = statSync(file);
    if (size > mostBytes) throw new Error(`the file has ${size} bytes`);
    const content = readFileSync(file);
    if (content.subarray(0, png.length).equals(png)) return { kind: 'png', content };
    if (svg.test(content.toString('utf8'))) return { kind: 'svg', content };
    throw new Error('the file is neither SVG nor PNG');
  } catch (error) {
    throw new AppError(
      'wrong_setting',
      `BRAND_LOGO must be an SVG or PNG file of ${mostBytes / 1024} KB at the most that this user can read.`,
      { cause: error },
    );
  }
}
