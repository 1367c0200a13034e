/** Runs every test; first sees to it that the real Redis server and the real Chromium they stand on are there. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildIfStale } from './build.js';

/** What the tests need beside npm's packages: any one of the commands, and the Debian package that brings one. */
const needs = [
  { commands: ['redis-server', 'valkey-server'], debianPackage: 'redis-server' },
  { commands: ['chromium', 'chromium-browser', 'google-chrome'], debianPackage: 'chromium' },
];

const missing = needs.filter(({ commands }) => !commands.some(isOnPath));
if (missing.length > 0) install(missing.map(({ debianPackage }) => debianPackage));
buildIfStale();

const jest = path.resolve(import.meta.dirname, '../node_modules/jest/bin/jest.js');
const given = process.argv.slice(2);
// Many tests wait for something, so two files run at once even on two cores. Those in `faults/` come last: they load the
// machine too much for the others.
const atOnce = ['--maxWorkers', '2'];
const runs =
  given.length > 0
    ? [given]
    : [
        [...atOnce, '--testPathIgnorePatterns', '/test/faults/'],
        [...atOnce, 'test/faults'],
      ];
const statuses = runs.map((words) => runJest(words));
process.exit(statuses.find((status) => status !== 0) ?? 0);

/** @param {string[]} words */
function runJest(words) {
  const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const result = spawnSync(process.execPath, [...options, jest, ...words], { stdio: 'inherit' });
  return result.status ?? 1;
}

/** @param {string} command */
function isOnPath(command) {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, command)));
}

/** @param {string[]} packages */
function install(packages) {
  const list = packages.join(' ');
  const sudo = asRoot();
  if (!isOnPath('apt-get') || !sudo) {
    console.error(
      `The tests need ${list}: install with \`sudo apt-get install ${list}\` or your system's own way.`,
    );
    process.exit(1);
  }
  console.error(`The tests need ${list}: installing with apt-get.`);
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', ...args];
    const done = spawnSync(command, rest, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
    if (done.status !== 0) {
      console.error(
        `apt-get ${args[0]} failed: install ${list} by hand, then run the tests again.`,
      );
      process.exit(1);
    }
  }
}

/** The words to put before a command so that it runs as root, or undefined where that is not possible. */
function asRoot() {
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0
    ? ['sudo', '-n']
    : undefined;
}
