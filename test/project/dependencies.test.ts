import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;
const versions = new Map(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }));

const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` +\| ([\d.]+) /gm)].map(
  ([, name = '', version]) => ({ name, version }),
);
const names = rows.map(({ name }) => name);

/** The packages that `src/` imports. */
const imported = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => [...read(path.join('src', file)).matchAll(/^[^/*]*\bfrom '([^'.][^']*)'/gm)])
  .map(([, target = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? '')
  .filter((name) => !name.startsWith('node:'));

describe('docs/dependencies.md', () => {
  it('gives each package the version that package.json gives it', () => {
    expect(rows.filter(({ name, version }) => versions.get(name) !== version)).toEqual([]);
  });

  it('has a row for each package that the app imports or the work on it needs', () => {
    expect(imported).toContain('zod');
    expect(
      [...imported, ...Object.keys(manifest.devDependencies)].filter(
        (name) => !names.includes(name),
      ),
    ).toEqual([]);
  });
});
