import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fixers } from '../../src/http/failures.js';
import { textsOf } from '../support/texts.js';

const root = path.resolve(import.meta.dirname, '../..');

const english = textsOf('en');

function filesIn(folder: string, endings: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => endings.test(name) && !name.startsWith('sample-store'))
    .map((name) => path.join(root, folder, name));
}

const code = [...filesIn('src', /\.ts$/), ...filesIn('views', /\.ejs$/)]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** What stands in quotes and would be a key. */
const quoted = [...code.matchAll(/(['`])([a-zA-Z]+\.[\w.]+)\1/g)].map(([, , key = '']) => key);

/** What code asks `t` for, or English, right there in the call. */
const asked = [...code.matchAll(/\b(?:t|inEnglish)\(\s*(['`])(.+?)\1/g)].map(
  ([, , key = '']) => key,
);

/** Keys that code puts together, `failures.${code}.text`; each part of its making is one name. */
const computed = [...new Set(asked.filter((key) => key.includes('${')))];

function comesTo(made: string): string[] {
  const parts = made.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'));
  const pattern = new RegExp(`^${parts.join('[^.]+')}$`);
  return [...english.keys()].filter((key) => pattern.test(key));
}

/** What one text says by another. */
const nested = [...english.values()].flatMap((text) =>
  [...text.matchAll(/\$t\(([\w.]+)\)/g)].map(([, key = '']) => key),
);

describe('a key that code puts together', () => {
  it('names its topic, and comes to some text', () => {
    expect(computed).toContain('failures.${code}.next');
    expect(computed.filter((made) => made.startsWith('$') || comesTo(made).length === 0)).toEqual(
      [],
    );
  });

  it('comes to a text for everybody who can put a failure right, other than the reader', () => {
    const who = fixers.filter((fixer) => fixer !== 'you' && fixer !== 'time');

    expect(comesTo('popup.fixer.${fixer}').sort()).toEqual(
      who.map((fixer) => `popup.fixer.${fixer}`).sort(),
    );
  });
});

describe('every key', () => {
  it('that code or another text uses exists', () => {
    const used = [...asked.filter((key) => !key.includes('${')), ...nested];

    expect(used).toContain('popup.login.submit');
    expect(used.filter((key) => !english.has(key))).toEqual([]);
  });

  it('that exists is used', () => {
    const used = new Set([...quoted, ...computed.flatMap(comesTo), ...nested]);

    expect([...english.keys()].filter((key) => !used.has(key))).toEqual([]);
  });
});
