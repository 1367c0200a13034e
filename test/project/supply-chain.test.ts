import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const manifest = JSON.parse(read('package.json')) as Readonly<
  Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
>;
const lock = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const locked = Object.entries(lock.packages)
  .filter(([place]) => place !== '')
  .map(([place, entry]) => ({ name: place.replace(/^.*node_modules\//, ''), ...entry }));

/** Packages that would run a script when installed, and why they do without: `.npmrc` runs none. */
const withInstallScript: Record<string, string> = {
  '@parcel/watcher': 'builds from source where there is no prebuilt binary; only watching needs it',
  '@swc/core': 'looks for its prebuilt binary, which is an optional package of its own',
  'unrs-resolver': 'looks for its prebuilt binary, which is an optional package of its own',
};

/** The oldest version of each that is known to be sound, and the major from which on it would not fit. */
const floors: Record<string, readonly [least: string, below: number]> = {
  undici: ['7.29.1', 8],
  'body-parser': ['2.3.0', 3],
  qs: ['6.14.1', 7],
  ejs: ['3.1.10', 8],
  'on-headers': ['1.1.0', 2],
  'express-session': ['1.18.2', 2],
  'connect-redis': ['8.1.0', 9],
  ioredis: ['6.0.0', 7],
};

/** A number that orders versions as they order themselves. */
function order(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  return major * 1e6 + minor * 1e3 + patch;
}

describe('what this app is built from', () => {
  it('runs no script of a package that is installed', () => {
    expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
    expect(read('.npmrc').split('\n')).toContain('min-release-age=7');
    expect(read('Dockerfile')).toMatch(/\.npmrc.*\n+RUN npm ci\n/);
  });

  it('has no package with such a script but those that are known to do without', () => {
    const found = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);

    expect([...new Set(found)].sort()).toEqual(Object.keys(withInstallScript).sort());
  });

  it('names exact versions, and the lock file the same', () => {
    const direct = { ...manifest.dependencies, ...manifest.devDependencies };

    for (const [name, version] of Object.entries(direct)) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
      expect(lock.packages[`node_modules/${name}`]).toMatchObject({ version });
    }
  });

  it('comes from a registry, each package with its checksum: from no folder, repository or http address', () => {
    const strange = locked.filter(
      ({ resolved, integrity }) =>
        !integrity?.startsWith('sha512-') || !(resolved ?? 'https://').startsWith('https://'),
    );

    expect(locked.length).toBeGreaterThan(100);
    expect(strange).toEqual([]);
  });

  for (const [name, [least, below]] of Object.entries(floors)) {
    it(`has ${name} from ${least} on, and before ${below}`, () => {
      const versions = locked.filter((one) => one.name === name).map(({ version = '' }) => version);

      expect(versions.length).toBeGreaterThan(0);
      for (const version of versions) {
        expect(order(version)).toBeGreaterThanOrEqual(order(least));
        expect(order(version)).toBeLessThan(order(`${below}.0.0`));
      }
    });
  }

  it('has no more packages of its own choice at run time than docs/security.md gives reasons for', () => {
    const [, said] = /(\d+) packages at run time/.exec(read('docs/security.md')) ?? [];

    expect(Object.keys(manifest.dependencies)).toHaveLength(Number(said));
  });
});
