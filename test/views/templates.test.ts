import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const views = path.resolve(import.meta.dirname, '../../views');

const templates = readdirSync(views, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ejs'))
  .sort();

/** Our pages; the sample store's admin has a policy and scripts of its own. */
const ours = templates.filter((name) => !name.startsWith('sample-store'));

function read(name: string): string {
  return readFileSync(path.join(views, name), 'utf8');
}

/** What is left of a template when each of its tags is replaced by one mark. */
function markup(name: string): string {
  return read(name).replace(/<%.*?%>/gs, '§');
}

describe('views', () => {
  it('are found', () => {
    expect(ours).toEqual(expect.arrayContaining(['failure.ejs', 'login.ejs', 'console/store.ejs']));
  });

  for (const name of templates) {
    it(`${name} places nothing unescaped but other templates`, () => {
      const raw = [...read(name).matchAll(/<%-(.*?)%>/gs)].map(([, code = '']) => code);

      expect(raw.filter((code) => !/^ include\(.*\) $/s.test(code))).toEqual([]);
    });

    it(`${name} quotes every attribute it fills in`, () => {
      expect(markup(name).match(/=\s*§|='[^"<>]*§/g)).toBeNull();
    });
  }

  for (const name of ours) {
    it(`${name} has neither script nor style in it`, () => {
      const ownScript = '<script src="/assets/popup§.js"></script>';
      const rest = markup(name).replace(ownScript, '');

      expect(rest.match(/<script|<style|\sstyle=|\son\w+=|javascript:/gi)).toBeNull();
    });

    it(`${name} loads nothing from elsewhere`, () => {
      expect(markup(name).match(/(src|href|action)="(https?:)?\/\//gi)).toBeNull();
    });
  }
});
