import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

function linesOf(file: string): string[] {
  return readFileSync(path.join(root, file), 'utf8').split('\n');
}

/** What the Dockerfile copies from this folder, stage by stage. */
const copied = linesOf('Dockerfile')
  .filter((line) => /^COPY (?!--from)/.test(line))
  .map((line) => line.split(' ').slice(1, -1));

/** What .dockerignore lets through. */
const letThrough = linesOf('.dockerignore')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

describe('Dockerfile', () => {
  it('copies what is there, and what .dockerignore lets through', () => {
    const sources = new Set(copied.flat());

    expect([...sources].filter((source) => !existsSync(path.join(root, source)))).toEqual([]);
    expect([...sources].sort()).toEqual([...letThrough].sort());
  });

  it('takes every folder along that the app reads at run time', () => {
    const atRunTime = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && ['public', 'views'].includes(entry.name))
      .map(({ name }) => name);
    const app = readFileSync(path.join(root, 'src/app.ts'), 'utf8');

    expect(
      [...app.matchAll(/path\.join\(root, '(\w+)'\)/g)].map(([, name]) => name).sort(),
    ).toEqual(atRunTime);
    expect(copied.slice(-2).flat()).toEqual(atRunTime);
  });

  it('starts the app itself, and not as root', () => {
    const lines = linesOf('Dockerfile');

    expect(lines).toContain('USER node');
    expect(lines).toContain('CMD ["node", "dist/main.js"]');
  });
});

describe('docker-compose.yml', () => {
  const text = linesOf('docker-compose.yml').join('\n');

  it('passes every setting on, or a file in its place', () => {
    const settings = [
      ...readFileSync(path.join(root, '.env.example'), 'utf8').matchAll(/^(?:# )?([A-Z_]+)=/gm),
    ].map(([, name = '']) => name);
    const passed = [...text.matchAll(/^ {2,6}([A-Z_]+): /gm)].map(([, name]) => name);

    // Its Redis is the one of Compose itself, and its secrets are files.
    const isPassed = (name: string) =>
      passed.includes(name) || passed.includes(`${name}_FILE`) || name === 'REDIS_URL_FILE';
    expect(settings.filter((name) => !isPassed(name))).toEqual([]);
  });

  it('hands the secrets over as files, which are in no image and no repository', () => {
    for (const name of ['session_secrets', 'encryption_keys']) {
      expect(text).toContain(`${name.toUpperCase()}_FILE: /run/secrets/${name}\n`);
      expect(text).toContain(`${name}: { file: ./secrets/${name} }\n`);
    }
    expect(text).not.toMatch(/^ +(SESSION_SECRETS|ENCRYPTION_KEYS):/m);
    expect(linesOf('.gitignore')).toContain('secrets/');
  });

  it('lets no process leave its memory behind in a file', () => {
    expect(text).toContain('ulimits: { core: 0 }');
  });

  it('keeps what Redis has acknowledged', () => {
    expect(text.replace(/['\s]+/g, ' ')).toContain(
      '--appendonly, yes , --appendfsync, always, --maxmemory-policy, noeviction',
    );
  });
});
