import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { arrows } from '../../src/activation/activation.js';

const root = path.resolve(import.meta.dirname, '../..');

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** Text between ``` lines is no heading and holds no link. */
function withoutCode(markdown: string): string {
  return markdown.replace(/^```.*?^```$/gms, '');
}

function headingsOf(file: string): string[] {
  return [...withoutCode(read(file)).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) =>
    text.replaceAll('`', ''),
  );
}

/** A heading's anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

const documents = ['README.md', 'CHANGELOG.md', ...filesIn('docs', '.md')];

describe('the headings of docs/magento.md', () => {
  const headings = headingsOf('docs/magento.md');
  const cited = filesIn('src', '.ts').flatMap((file) =>
    [...read(file).matchAll(/docs\/magento\.md, "([^"]+)"/g)].map(([, heading = '']) => heading),
  );

  for (const heading of new Set(cited)) {
    it(`have "${heading}", which the code cites`, () => {
      expect(headings).toContain(heading);
    });
  }

  it('are cited at all', () => {
    expect(cited).toContain('The activation POST');
  });
});

describe("Magento's sentences in docs/magento.md", () => {
  const page = read('docs/magento.md');
  const sentences = [
    ...read('src/magento/oauth-problem.ts').matchAll(/^ +\[?'((?:[^'\\]|\\.)+)',(?: '|$)/gm),
  ].map(([, sentence = '']) => sentence.replaceAll("\\'", "'").replace(/\.$/, ''));

  for (const sentence of sentences) {
    it(`have "${sentence}", which the code knows`, () => {
      const found = sentence
        .split('%')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('[^`]+')
        // The page gives the misspelt word alone.
        .replace(/.*signatire.*/, 'signatire');

      expect(page).toMatch(new RegExp(found));
    });
  }

  it('are all looked for', () => {
    expect(sentences.length).toBeGreaterThan(24);
  });
});

for (const document of documents) {
  describe(document, () => {
    it('leads nowhere that is not there', () => {
      const links = [...withoutCode(read(document)).matchAll(/(?<!!\[[^\]]*)\]\(([^)\s]+)\)/g)];
      const broken = links
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .filter((target) => !exists(document, target));

      expect(broken).toEqual([]);
    });

    it('names no path of a machine', () => {
      expect(read(document)).not.toMatch(/(?<![\w.`/])\/(?:work|home|root|Users)\//);
    });
  });
}

function exists(document: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const aim = file === '' ? document : path.join(path.dirname(document), file);
  if (!existsSync(path.join(root, aim))) return false;
  return anchor === undefined || headingsOf(aim).map(anchorOf).includes(anchor);
}

/** `name -> names` of a table row's first and last cell, and of a line of the test's own table. */
function rowsOf(text: string, row: RegExp, name: RegExp): string[] {
  return [...text.matchAll(row)].map(([, from = '', to = '']) => {
    const names = [...to.matchAll(name)].map(([, found]) => found);
    return `${from} -> ${names.sort().join(' ')}`;
  });
}

describe("docs/architecture.md's table of imports", () => {
  it('is the one that is enforced', () => {
    const enforced = rowsOf(
      read('test/project/imports.test.ts'),
      /^ {2}'?([a-z0-9-]+)'?: \[([^\]]*)\],$/gm,
      /'([^']+)'/g,
    );
    const documented = rowsOf(
      read('docs/architecture.md').split('## The life of an activation')[0] ?? '',
      /^\| `([a-z0-9-]+)` *\|.*\| ([^|]+) \|$/gm,
      /`([^`]+)`/g,
    );

    expect(enforced).toContain('log -> errors');
    expect([...documented].sort()).toEqual([...enforced].sort());
  });
});

describe("docs/architecture.md's table of states", () => {
  it('has the arrows that the store allows', () => {
    const documented = rowsOf(
      read('docs/architecture.md'),
      /^\| `([a-z-]+)` *\| [^|`]+ \| ([^|]+) \|$/gm,
      /`([^`]+)`/g,
    );

    const allowed = Object.entries(arrows).map(
      ([from, to]) => `${from} -> ${[...to].sort().join(' ')}`,
    );

    expect(documented.filter((row) => allowed.includes(row)).sort()).toEqual(allowed.sort());
  });
});
