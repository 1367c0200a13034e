/**
 * Asks the registry what is known against the packages in the lock file. Fails on each advisory that docs/security.md
 * does not explain by its number; where no registry answers such questions, says so and fails nothing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const { stdout } = spawnSync('npm', ['audit', '--json', '--fetch-retries=0'], {
  encoding: 'utf8',
  cwd: path.resolve(import.meta.dirname, '..'),
});
const found = advisories(stdout);
if (!found) {
  console.log('No registry that can be asked: nothing is known of vulnerabilities.');
  process.exit(0);
}
const explained = readFileSync(path.resolve(import.meta.dirname, '../docs/security.md'), 'utf8');
const open = [...found].filter(([url]) => !explained.includes(url.replace(/^.*\//, '')));
for (const [url, title] of open) console.error(`${url}: ${title}`);
console.log(`${found.size} advisories, ${open.length} of them not explained in docs/security.md.`);
process.exit(open.length > 0 ? 1 : 0);

/**
 * The advisories of a report, each with its title; undefined where it is no report.
 *
 * @param {string} text
 */
function advisories(text) {
  if (!text.includes('"vulnerabilities"')) return undefined;
  /** @type {unknown} */
  const report = JSON.parse(text);
  const { vulnerabilities } =
    /** @type {{ vulnerabilities: Record<string, { via: (string | { url: string; title: string })[] }> }} */ (
      report
    );
  return new Map(
    Object.values(vulnerabilities)
      .flatMap(({ via }) => via)
      .filter((one) => typeof one !== 'string')
      .map(({ url, title }) => [url, title]),
  );
}
