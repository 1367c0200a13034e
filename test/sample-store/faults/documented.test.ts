import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { faultKinds } from '../../../src/sample-store/faults/fault-kinds.js';

describe('the table of faults in docs/sample-store.md', () => {
  const rows = readFileSync('docs/sample-store.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| `[a-z0-9-]+` *\| (post|request|access|rest)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('has every fault, where it strikes and what happens', () => {
    const documented = rows.map(([, name, at, , does]) => [name, at, does]);

    expect(documented).toEqual(
      Object.entries(faultKinds).map(([name, { at, does }]) => [
        `\`${name}\``,
        at.join(', '),
        does,
      ]),
    );
  });
});
