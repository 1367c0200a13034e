import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pathWithoutRedis, run } from '../processes/child.js';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs `npm run demo -- --check` without npm, with a folder for temporary files of its own. */
function check(changes: NodeJS.ProcessEnv = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'mi-demo-'));
  folders.push(folder);
  const env = { PATH: process.env['PATH'], TMPDIR: folder, ...changes };
  return { folder, child: run(['cli/demo', '--check'], env) };
}

/** The processes whose working folder is this one or beneath it, as an embedded Redis's is. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && workingFolder(pid).startsWith(folder),
  );
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function expectNothingLeftIn(folder: string): void {
  expect(readdirSync(folder)).toEqual([]);
  expect(processesIn(folder)).toEqual([]);
}

describe('npm run demo -- --check', () => {
  it('walks the whole way on a Redis server of its own, says each step and leaves nothing behind', async () => {
    const { folder, child } = check();

    const { code, stdout, stderr } = await child.ended;

    const steps = stdout.trimEnd().split('\n');
    expect(steps[0]).toMatch(/^app at http:\/\/127\.0\.0\.1:\d+, Redis: embedded$/);
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.at(-1)).toBe('demo: ok');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expectNothingLeftIn(folder);
  });

  it('walks it on a machine without a Redis server, too', async () => {
    const { folder, child } = check({ PATH: pathWithoutRedis() });

    const { code, stdout, stderr } = await child.ended;

    expect(stdout).toMatch(/Redis: stand-in\n/);
    expect(stdout).toMatch(/\ndemo: ok\n$/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expectNothingLeftIn(folder);
  });

  it('is not led astray by the settings of an installation', async () => {
    const { child } = check({
      PORT: '1',
      REDIS_URL: 'redis://127.0.0.1:1',
      PUBLIC_URL: 'https://integration.example',
      STORE_HOSTS: 'shop.example',
      SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
    });

    const { code, stdout } = await child.ended;

    expect(stdout).toMatch(/\ndemo: ok\n$/);
    expect(code).toBe(0);
  });

  it('says what it expected when a step fails, exits with 1 and leaves nothing behind', async () => {
    // The app listens where its public address does not lead, so the store cannot reach it.
    const { folder, child } = check({ HOST: '127.0.0.2' });

    const { code, stdout, stderr } = await child.ended;

    expect(stderr).toMatch(/^expected the activation delivered, but .* answered \d+: .*\n$/s);
    expect(stderr).not.toContain('    at ');
    expect(stdout).not.toContain('demo: ok');
    expect(code).toBe(1);
    expectNothingLeftIn(folder);
  });

  it('refuses an option it does not know', async () => {
    const { code, stdout, stderr } = await run(['cli/demo', '--chekc'], {
      PATH: process.env['PATH'],
    }).ended;

    expect(stderr).toContain("'--chekc'");
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`leaves nothing behind when ${signal} ends it half-way`, async () => {
      const { folder, child } = check();
      await child.printed('sample store at');

      child.kill(signal);

      const { code, stdout, stderr } = await child.ended;
      expect(stdout).not.toContain('demo: ok');
      expect({ code, stderr }).toEqual({ code: 1, stderr: `stopped by ${signal}\n` });
      expectNothingLeftIn(folder);
    });
  }
});
