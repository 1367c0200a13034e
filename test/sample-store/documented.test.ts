import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { storeHelp } from '../../src/cli/store-options.js';

const page = readFileSync('docs/sample-store.md', 'utf8');

function section(heading: string): string {
  return page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
}

describe('docs/sample-store.md', () => {
  it('has every option of createSampleStore, in the order of the type', () => {
    const source = readFileSync('src/sample-store/sample-store.ts', 'utf8');
    const type = /^export interface SampleStoreOptions \{$(.*?)^\}$/ms.exec(source)?.[1] ?? '';
    const options = [...type.matchAll(/^ {2}readonly (\w+)\?/gm)].map(([, name]) => name);

    const rows = [...section('In tests: createSampleStore').matchAll(/^\| `(\w+)`/gm)];

    expect(options).toContain('release');
    expect(rows.map(([, name]) => name)).toEqual(options);
  });

  it('has every option of npm run store', () => {
    const options = [...storeHelp().matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name]) => name);

    const rows = [...section('Start it').matchAll(/^\| `--.*?(?= \|)/gm)].join();

    expect(options).toContain('--release');
    expect([...rows.matchAll(/`(--[a-z-]+)/g)].map(([, name]) => name).toSorted()).toEqual(
      options.toSorted(),
    );
  });
});
