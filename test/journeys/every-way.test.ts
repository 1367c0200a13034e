import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { errorCodes, ownErrorCodes, type ErrorCode } from '../../src/errors.js';
import { failures, type Fixer } from '../../src/http/failures.js';
import { inEnglish } from '../../src/language/translate.js';
import { plainWords } from '../../src/language/words.js';
import { startBrowser } from '../support/browser.js';
import { elsewhere, ownWays } from './ways/own-ways.js';
import { states } from './ways/states.js';
import { storeWays, type Way } from './ways/store-ways.js';

jest.setTimeout(60_000);

const folder = path.resolve(import.meta.dirname, '../../docs/popup');

/** Set to take every picture anew; without it only those that are missing are taken. */
const isTakingAll = process.env['UPDATE_SCREENSHOTS'] !== undefined;

const failureWays = { ...ownWays, ...storeWays };

/** What is to be seen at the end of a way. */
interface Sight {
  readonly status: number;
  readonly text: string;
  readonly fits: boolean;
  /** Keeps the picture, if it is wanted. */
  readonly keep: () => Promise<void>;
}

/** Goes a way in a window of Magento's size, and looks at what is there. */
async function see(name: string, way: Way, look: (sight: Sight) => Promise<void>): Promise<void> {
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 680, height: 510 } });
  const page = await context.newPage();
  let status = 0;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest()) status = response.status();
  });
  await way(page);
  const text = (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ');
  const fits = await isWhole(page);
  const keep = async () => {
    const file = path.join(folder, `${name}.png`);
    if (isTakingAll || !existsSync(file)) await page.screenshot({ path: file });
  };
  await look({ status, text, fits, keep });
  await context.close();
}

/** What a failure says. */
function sentences(code: ErrorCode): string[] {
  return ['text', 'next'].map((part) => plainWords(inEnglish(`failures.${code}.${part}`)));
}

/** Who can put it right, as docs/popup says it. */
const who: Readonly<Record<Fixer, string>> = {
  you: 'the merchant',
  magentoAdmin: 'who sets up Magento',
  storeServer: "who runs the store's server",
  appOperator: 'who runs the app',
  time: 'nobody: it passes',
};

/** Whether nothing of a page is out of sight. */
function isWhole(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return scrollWidth <= clientWidth && scrollHeight <= clientHeight;
  });
}

describe('a way that fails', () => {
  for (const [name, way] of Object.entries(failureWays)) {
    it(`${name} has its page: what happened, what to do next, a code for support`, async () => {
      const code = name as ErrorCode;

      await see(code, way, async ({ status, text, fits, keep }) => {
        expect(status).toBe(failures[code].status);
        for (const sentence of sentences(code)) expect(text).toContain(sentence);
        expect(text).toMatch(/Code (ACT-\w{6}|\w+)/);
        expect(fits).toBe(true);
        await keep();
      });
    });
  }
});

describe('a way on', () => {
  for (const [name, { way, shows }] of Object.entries(states)) {
    it(`${name} has its page`, async () => {
      await see(name, way, async ({ status, text, fits, keep }) => {
        expect(status).toBe(200);
        for (const words of shows) expect(text).toContain(words);
        expect(fits).toBe(true);
        await keep();
      });
    });
  }
});

describe('the catalogue of failures', () => {
  it('has a way to each of them, or says who meets it instead', () => {
    const all = [...Object.keys(failureWays), ...Object.keys(elsewhere)];

    expect(all.sort()).toEqual([...errorCodes].sort());
    for (const code of Object.keys(elsewhere)) expect(ownErrorCodes).toContain(code);
  });

  it('has its pictures in docs/popup, and its rows in the page beside them', () => {
    const names = [...Object.keys(failureWays), ...Object.keys(states)].sort();
    const pictures = readdirSync(folder).filter((file) => file.endsWith('.png'));
    const page = readFileSync(path.join(folder, 'README.md'), 'utf8').replaceAll(/ +/g, ' ');
    const rows = [...page.matchAll(/^\| \[`?([\w-]+)`?\]\(([\w-]+)\.png\) \|/gm)];

    expect(pictures.map((file) => path.basename(file, '.png')).sort()).toEqual(names);
    expect(rows.map(([, name]) => name).sort()).toEqual(names);
    expect(rows.map(([, , file]) => file).sort()).toEqual(names);
    for (const name of Object.keys(failureWays)) {
      const code = name as ErrorCode;
      const { status, fixer } = failures[code];
      const row = `| [\`${code}\`](${code}.png) | ${status} | ${sentences(code).join(' ')} | ${who[fixer]} |`;
      expect(page).toContain(row);
    }
  });
});
