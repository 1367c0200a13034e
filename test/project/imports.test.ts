import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const source = path.resolve(import.meta.dirname, '../../src');

/** Who may import whom: the table of docs/architecture.md. A name is a folder of `src/` or a file at its top. */
const mayImport: Record<string, readonly string[]> = {
  // prettier-ignore
  activation: ['credentials', 'accounts', 'second-factor', 'invitations', 'timeline', 'magento', 'http', 'language', 'errors', 'log'],
  // prettier-ignore
  console: ['credentials', 'accounts', 'second-factor', 'invitations', 'timeline', 'sign-in', 'magento', 'http', 'language', 'errors', 'log'],
  // prettier-ignore
  'own-account': ['credentials', 'accounts', 'second-factor', 'invitations', 'timeline', 'sign-in', 'http', 'language', 'errors', 'log'],
  joining: ['accounts', 'second-factor', 'invitations', 'http', 'language', 'errors', 'log'],
  credentials: ['errors'],
  accounts: ['language', 'errors', 'log'],
  'second-factor': ['credentials', 'accounts', 'errors', 'log'],
  'sign-in': ['accounts', 'second-factor', 'http', 'language', 'errors', 'log'],
  invitations: ['credentials', 'accounts'],
  timeline: ['errors', 'log'],
  magento: ['oauth1', 'errors'],
  oauth1: [],
  http: ['language', 'errors', 'log'],
  redis: ['errors', 'log'],
  'sample-store': [],
  brand: ['language'],
  language: [],
  // prettier-ignore
  app: ['activation', 'console', 'own-account', 'joining', 'accounts', 'invitations', 'sign-in', 'http', 'language', 'brand', 'errors'],
  errors: [],
  log: ['errors'],
  config: ['brand', 'errors'],
  'generated-secrets': ['errors'],
};

/** Processes: they build what the app needs, so they may import everything. */
const processes = new Set(['main', 'cli']);

interface Import {
  readonly from: string;
  readonly to: string;
}

function roomOf(file: string): string {
  const [first = ''] = path.relative(source, file).split(path.sep);
  return first.replace(/\.ts$/, '');
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, target = '']) => ({
    from: roomOf(file),
    to: roomOf(path.resolve(path.dirname(file), target.replace(/\.js$/, '.ts'))),
  }));
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => path.join(source, name));

describe('the table of who may import whom', () => {
  for (const file of files) {
    it(`is kept by ${path.relative(source, file)}`, () => {
      const room = roomOf(file);
      const strangers = importsOf(file).filter(
        ({ to }) => to !== room && !processes.has(room) && !mayImport[room]?.includes(to),
      );

      expect(processes.has(room) || room in mayImport).toBe(true);
      expect(strangers).toEqual([]);
    });
  }

  it('sees the imports it is meant to judge', () => {
    expect(files.flatMap(importsOf)).toContainEqual({ from: 'http', to: 'errors' });
  });
});
