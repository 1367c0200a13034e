import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { errorCodes } from '../../src/errors.js';
import { fixers } from '../../src/http/failures.js';
import { textsOf } from '../support/texts.js';

const root = path.resolve(import.meta.dirname, '../..');

const english = textsOf('en');

const failureCodes = [...errorCodes, 'unexpected'];

/** Keys that code puts together, and what they can come to. */
const computed: Readonly<Record<string, readonly string[]>> = {
  'failures.${code}.text': failureCodes.map((code) => `failures.${code}.text`),
  'failures.${code}.next': failureCodes.map((code) => `failures.${code}.next`),
  'popup.${news}.text': ['popup.connected.text', 'popup.half.text'],
  'popup.${news}.next': ['popup.connected.next', 'popup.half.next'],
  'popup.fixer.${fixer}': fixers
    .filter((fixer) => fixer !== 'you' && fixer !== 'time')
    .map((fixer) => `popup.fixer.${fixer}`),
};

function filesIn(folder: string, endings: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.test(name) && !name.startsWith('sample-store'))
    .map((name) => path.join(root, folder, name));
}

const code = [...filesIn('src', /\.ts$/), ...filesIn('views', /\.ejs$/)]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** What stands in quotes and would be a key. */
const quoted = [...code.matchAll(/(['`])([a-zA-Z]+\.[\w.${}]+)\1/g)].map(([, , key = '']) => key);

/** What code asks `t` for, or English, right there in the call. */
const asked = [...code.matchAll(/\b(?:t|inEnglish)\(\s*(['`])(.+?)\1/g)].map(
  ([, , key = '']) => key,
);

/** What one text says by another. */
const nested = [...english.values()].flatMap((text) =>
  [...text.matchAll(/\$t\(([\w.]+)\)/g)].map(([, key = '']) => key),
);

describe('the keys that code puts together', () => {
  const found = asked.filter((key) => key.includes('${'));

  it('are those of this test', () => {
    expect([...new Set(found)].sort()).toEqual(Object.keys(computed).sort());
  });
});

describe('every key', () => {
  const possible = Object.values(computed).flat();

  it('that code or another text uses exists', () => {
    const used = [...asked.filter((key) => !key.includes('${')), ...possible, ...nested];

    expect(used).toContain('popup.login.submit');
    expect(used.filter((key) => !english.has(key))).toEqual([]);
  });

  it('that exists is used', () => {
    const used = new Set([...quoted, ...possible, ...nested]);

    expect([...english.keys()].filter((key) => !used.has(key))).toEqual([]);
  });
});
