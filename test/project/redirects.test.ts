import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const source = path.resolve(import.meta.dirname, '../../src');

/** The sample store's admin redirects as Magento does. */
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith('sample-store'),
);

/** What stands behind each of these words in our sources. */
function behind(word: RegExp): { file: string; rest: string }[] {
  return files.flatMap((file) =>
    readFileSync(path.join(source, file), 'utf8')
      .split(word)
      .slice(1)
      .map((rest) => ({ file, rest: rest.slice(0, 20) })),
  );
}

describe('a redirect', () => {
  it('is a 303, after which a browser sends no form a second time', () => {
    const redirects = behind(/\.redirect\(\s*/);

    expect(redirects.length).toBeGreaterThan(10);
    expect(redirects.filter(({ rest }) => !rest.startsWith('303, '))).toEqual([]);
    expect(behind(/\b(?:status|writeHead)\(\s*(?=30)/).map(({ rest }) => rest.slice(0, 4))).toEqual(
      ['303)'],
    );
  });

  it('leads out of this app in one place', () => {
    expect(behind(/'Location', /).map(({ file }) => file)).toEqual([
      'activation/waiting/send-back.ts',
    ]);
  });
});
