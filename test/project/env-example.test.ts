import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, secretSettings } from '../../src/config.js';

const root = path.resolve(import.meta.dirname, '../..');

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const example = read('.env.example');

/** The file with the settings that have no default switched on as well. */
const complete = parseEnv(example.replace(/^# ([A-Z_]+=)/gm, '$1'));

/** The names in the schema of `src/config.ts`, which keeps it to itself. */
const known = [...read('src/config.ts').matchAll(/^ {4}([A-Z][A-Z_]+):/gm)].map(
  ([, name = '']) => name,
);

/** The first cells of README's table of settings. */
const documented = [
  ...(/^## Settings$(.*?)^## /ms.exec(read('README.md'))?.[1] ?? '').matchAll(/^\| `([A-Z_]+)`/gm),
].map(([, name = '']) => name);

describe('.env.example', () => {
  it('loads, and says what the defaults are', () => {
    expect(loadConfig(parseEnv(example))).toEqual(loadConfig({}));
  });

  it('loads with everything switched on, once there are secrets', () => {
    const secrets = {
      SESSION_SECRETS: 's'.repeat(32),
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}`,
    };

    const withoutFiles = Object.entries(complete).filter(([name]) => !name.endsWith('_FILE'));
    expect(loadConfig({ ...Object.fromEntries(withoutFiles), ...secrets })).toMatchObject({
      publicUrl: 'https://integration.example',
      trustProxy: 1,
    });
  });

  it('holds no secret that somebody might leave as it is', () => {
    expect(complete).toMatchObject({ SESSION_SECRETS: '', ENCRYPTION_KEYS: '' });
  });

  it('names every setting there is, and no other', () => {
    expect(known).toContain('PORT');
    expect(Object.keys(complete).sort()).toEqual([...known].sort());
  });

  it('has a comment right above each setting', () => {
    const lines = example.split('\n');
    const bare = lines.filter(
      (line, at) => /^(# )?[A-Z_]+=/.test(line) && !/^# [A-Zt]/.test(lines[at - 1] ?? ''),
    );

    expect(bare).toEqual([]);
  });
});

describe('the settings that hold a secret', () => {
  it('can each be given as a file', () => {
    expect(known.filter((name) => name.endsWith('_FILE')).sort()).toEqual(
      expect.arrayContaining(secretSettings.map((name) => `${name}_FILE`).sort()),
    );
  });
});

describe("README's table of settings", () => {
  it('names every setting there is, and no other', () => {
    expect([...documented].sort()).toEqual([...known].sort());
  });
});
