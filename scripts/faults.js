/**
 * `npm run test:faults -- --rounds N`: the tests that kill, cut and fill up, with N rounds of each loop of chance in
 * place of the few that `npm test` has. `--seed S` repeats the random numbers of a run. Prints what came of them.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
});
for (const [name, value] of Object.entries(values)) {
  if (/^[1-9]\d{0,6}$/.test(value)) continue;
  console.error(`--${name} takes a whole number from 1 on.`);
  process.exit(1);
}

const tests = positionals.length > 0 ? positionals : ['test/faults'];
const { status } = spawnSync(
  process.execPath,
  [path.join(import.meta.dirname, 'test.js'), '--verbose', '--maxWorkers', '2', ...tests],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(values.rounds && { FAULT_ROUNDS: values.rounds }),
      ...(values.seed && { FAULT_SEED: values.seed }),
    },
  },
);
process.exit(status ?? 1);
