/** `npm run bench`: builds the app and the benchmark, then runs it; `--quick` for a shorter, coarser one. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildIfStale } from './build.js';

const root = path.resolve(import.meta.dirname, '..');
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
buildIfStale();
for (const words of [
  [compiler, '-p', 'tsconfig.bench.json'],
  ['.bench/bench/main.js', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
