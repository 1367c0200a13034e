/** `node scripts/run.js cli/sign …`: builds if `dist/` is missing or older than `src/`, then runs that file of it. */
import { buildIfStale } from './build.js';

const [entry] = process.argv.splice(2, 1);
if (!entry) throw new Error('usage: node scripts/run.js <file under dist, without .js>');
buildIfStale();
await import(new URL(`../dist/${entry}.js`, import.meta.url).href);
