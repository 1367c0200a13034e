import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'src');
const output = path.join(root, 'dist');

/**
 * Compiles `src/` to `dist/` and puts Lua scripts, certificates and texts beside the code that loads them. The new folder
 * is swapped in whole, so that two commands started together never read half of it. Compiler messages
 * go to standard error: the standard output of a command belongs to whoever reads it.
 */
export function build() {
  const fresh = path.join(root, `dist.${process.pid}`);
  const compiler = spawnSync(
    process.execPath,
    [findCompiler(), '-p', 'tsconfig.build.json', '--outDir', fresh],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  if (compiler.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    process.exit(compiler.status ?? 1);
  }
  cpSync(source, fresh, {
    recursive: true,
    filter: (file) => statSync(file).isDirectory() || /\.(lua|pem|json)$/.test(file),
  });
  rmSync(output, { recursive: true, force: true });
  renameSync(fresh, output);
}

/** Builds unless `dist/` is newer than every source file; a shipped image has no sources and never builds. */
export function buildIfStale() {
  const built = path.join(output, 'main.js');
  if (
    existsSync(built) &&
    (!existsSync(source) || newestChange(source) < statSync(built).mtimeMs)
  ) {
    return;
  }
  build();
}

/** @param {string} folder */
function newestChange(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs)
    .reduce((newest, changed) => Math.max(newest, changed), 0);
}

function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    console.error('dist/ is missing and the compiler is not installed: run `npm ci` first.');
    process.exit(1);
  }
}

if (process.argv[1] === import.meta.filename) build();
