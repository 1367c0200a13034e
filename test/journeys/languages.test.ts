import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import ejs from 'ejs';
import type { Page } from 'playwright-core';
import { AppError, errorCodes, storeErrorCodes, type ErrorCode } from '../../src/errors.js';
import { answerFor } from '../../src/http/answer-for.js';
import { languageNames, languages, type Language } from '../../src/language/languages.js';
import { translateTo } from '../../src/language/translate.js';
import { wordsOf } from '../../src/language/words.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { startBrowser } from '../support/browser.js';
import { startFailingApp } from '../support/failing-app.js';
import { fakeClock } from '../support/fake-clock.js';
import { overflowOf, overflowsAt, overflowsWith, popupSize } from '../support/fitting.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, startApp } from '../support/start-app.js';

// Every page of the popup in every language, with every failure there is.
jest.setTimeout(120_000);

const partials = path.resolve(import.meta.dirname, '../../views/partials');

// As long as names of hosts commonly get.
const host = 'www.gartenmoebel-fachhandel.example';
const others = ['shop', 'staging', 'b2b'].map((name) => `${name}.gartenmoebel-fachhandel.example`);
const adminUrl = 'https://admin.gartenmoebel-fachhandel.example:8443/admin_x1/';
const callback = `${adminUrl}admin/integration/loginSuccessCallback/`;

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const phone = await turnOn(app.deps, merchant.username);
const failingUrl = await startFailingApp(app.deps.brand, `https://${host}`);

/** A page in Magento's popup, in a browser in this language. */
async function inPopup(language: Language, use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await startBrowser();
  const context = await browser.newContext({ locale: language, viewport: popupSize });
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Opens the popup for a key that these stores have announced. */
async function openFor(page: Page, stores: readonly string[]): Promise<void> {
  const form = activationForm();
  for (const store of stores) {
    const post = app.visitor().post('/endpoint').type('form');
    await post.send({ ...form, store_base_url: `https://${store}/` });
  }
  await page.goto(`${app.url}/login?${identityQuery(form['oauth_consumer_key'] ?? '', callback)}`);
}

/** Types name and password, up to the form for the code. */
async function signIn(page: Page): Promise<void> {
  await page.locator('#username').fill(merchant.username);
  await page.locator('#password').fill(merchant.password);
  await page.locator('form button').click();
  await page.locator('#code').waitFor();
}

/** Types the code, up to the question that comes next. */
async function typeCode(page: Page): Promise<void> {
  // Each code counts once.
  clock.advance(30);
  await page.locator('#code').fill(phone.codeAt(clock.now()));
  await page.locator('form button').click();
  await page.locator('button[name="store"]').first().waitFor();
}

/** How an attempt can have ended that the login form tells of. */
const endings: readonly ErrorCode[] = [
  ...storeErrorCodes,
  ...(['wrong_password', 'wrong_code', 'too_many_codes'] as const),
  ...(['sign_in_required', 'exchange_under_way'] as const),
];

/** The banners that can stand above a form, by what they tell of. */
async function bannersIn(language: Language): Promise<Record<string, string>> {
  const t = translateTo(language);
  const say = (name: string) => ({ text: t(`popup.${name}.text`), next: t(`popup.${name}.next`) });
  const told = [
    ...endings.map((code) => [code, answerFor(new AppError(code, ''), t)] as const),
    ...['connected', 'half', 'late'].map((name) => [name, say(name)] as const),
  ].map(async ([name, { text, next }]) => {
    const view = { kind: 'bad', text, next, words: wordsOf };
    return [name, await ejs.renderFile(path.join(partials, 'banner.ejs'), view)] as const;
  });
  return Object.fromEntries(await Promise.all(told));
}

for (const language of languages) {
  describe(`in ${languageNames[language]}, nothing scrolls in the popup`, () => {
    it('up to the exchange', async () => {
      const banners = await bannersIn(language);
      const replaces = translateTo(language)('popup.confirm.replaces', { host: others[0] ?? '' });
      const found: Record<string, string | string[]> = {};
      await inPopup(language, async (page) => {
        await openFor(page, [host]);
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        found['form'] = await overflowOf(page);
        await signIn(page);
        found['code'] = await overflowOf(page);
        found['code that is wrong'] = await overflowsWith(page, {
          '': banners['wrong_code'] ?? '',
        });
        await typeCode(page);
        found['question'] = await overflowOf(page);
        found['question of a change'] = await overflowsWith(page, { '': `<p>${replaces}</p>` });
        await openFor(page, [host]);
        found['form with a name'] = await overflowOf(page);
        found['form with news'] = await overflowsWith(page, banners);

        await openFor(page, [host, ...others]);
        found['form for several'] = await overflowOf(page);
        found['form for several with news'] = await overflowsWith(page, banners);
        const form = page.url();
        for (const beside of ['help', 'not-yours']) {
          await page.goto(form.replace('/login', `/login/${beside}`));
          await page.locator('.reading').waitFor();
          found[beside] = await overflowOf(page);
        }
        await page.goto(form);
        clock.advance(301);
        await page.reload();
        found['form that is late'] = await overflowOf(page);
        await signIn(page);
        await typeCode(page);
        found['choice'] = await overflowOf(page);
      });

      expect(Object.entries(found).filter(([, overflow]) => overflow.length > 0)).toEqual([]);
    });

    it('on the page of any failure', async () => {
      const paths = [...errorCodes, 'unexpected'].map((code) => `/${code}`);
      await inPopup(language, async (page) => {
        await page.goto(`${failingUrl}/unexpected`);

        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        expect(await overflowsAt(page, paths)).toEqual([]);
      });
    });
  });
}
