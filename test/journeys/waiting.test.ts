import { describe, expect, it, jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import {
  letMagentoLook,
  saveAndActivate,
  seenByMagento,
  signIn,
} from '../support/magento-window.js';
import { newIntegration } from '../support/popup.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

// Stores that take their time, and Magento's script that looks twice a second.
jest.setTimeout(90_000);

/** Whether a page scrolls in its window at 100 %, and at 125 %. */
async function scrollsAt(page: Page): Promise<boolean[]> {
  const scrolls: boolean[] = [];
  for (const size of [
    { width: 544, height: 408 },
    { width: 680, height: 510 },
  ]) {
    await page.setViewportSize(size);
    const { scrollWidth, scrollHeight } = await page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      scrollHeight: document.documentElement.scrollHeight,
    }));
    scrolls.push(scrollWidth > size.width || scrollHeight > size.height);
  }
  return scrolls;
}

/** The words of each step. */
function stepsOn(page: Page) {
  return page.getByRole('listitem').allInnerTexts();
}

/** How the picture of the step moves that is under way. */
function spinnerOf(page: Page): Promise<string> {
  return page.locator('.now svg').evaluate((svg) => getComputedStyle(svg).animationName);
}

describe('a store that takes its time', () => {
  it('shows its steps, outlives a reload, and leads back to Magento, which closes the window', async () => {
    await saveAndActivate(
      async ({ admin, popup, store }) => {
        const sizes: unknown[] = [];
        await signIn(popup);
        await popup.getByRole('heading', { name: /^Connecting/ }).waitFor();
        const atFirst = await stepsOn(popup);
        await popup.waitForURL(/\/login\/progress\?popup=/);
        const spins = await spinnerOf(popup);
        await popup.emulateMedia({ reducedMotion: 'reduce' });
        const calm = await spinnerOf(popup);
        await popup.reload();
        await popup.getByRole('heading', { name: /^Connecting/ }).waitFor();
        const reloaded = await stepsOn(popup);
        sizes.push(await scrollsAt(popup));
        const [seen, opener] = [
          await seenByMagento(admin),
          await popup.evaluate(() => window.opener as unknown),
        ];
        await popup.waitForEvent('close');
        await admin.getByText('Active', { exact: true }).waitFor();

        expect([atFirst.length, reloaded.length]).toEqual([4, 4]);
        expect(reloaded[0]).toMatch(/Store reached\s+done/);
        expect(reloaded[2]).toMatch(/Access granted\s+under way/);
        expect([spins, calm]).toEqual(['turn', 'none']);
        expect(sizes).toEqual([[false, false]]);
        expect([seen, opener]).toEqual([['open'], null]);
        expect(await seenByMagento(admin)).toEqual(['open', 'success']);
        expect(store.requests).toHaveLength(3);
      },
      { store: { faults: [{ at: 'access', do: 'slow', ms: 9_000, times: 1 }] } },
    );
  });
});

describe('a sign-in that is handed over', () => {
  it('ends in the colleague’s browser, and the first window returns to Magento and is closed', async () => {
    await saveAndActivate(async ({ app, admin, popup, store }) => {
      await popup.getByRole('link', { name: 'Someone else has the sign-in?' }).click();
      const offer = await scrollsAt(popup);
      await popup.getByRole('button', { name: 'Make a link' }).click();
      const field = popup.getByLabel('Link');
      await field.waitFor();
      const waiting = await scrollsAt(popup);
      const link = await field.inputValue();
      await field.click();
      const selected = await field.evaluate(
        ({ selectionStart: from, selectionEnd: to, value }: HTMLInputElement) =>
          value.slice(from ?? 0, to ?? 0),
      );
      await letMagentoLook(admin, 1);
      const seen = await seenByMagento(admin);

      const context = await (await startBrowser()).newContext();
      const sent: { url: string; referer: string }[] = [];
      context.on('request', (request) => {
        const { referer = '' } = request.headers();
        sent.push({ url: request.url(), referer });
      });
      const colleague = await context.newPage();
      await colleague.goto(link);
      await signIn(colleague);
      await colleague.getByRole('heading', { name: 'Connected' }).waitFor();
      await colleague.getByText('You can close this window.').waitFor();
      const end = colleague.url();
      await popup.waitForEvent('close');
      await admin.getByText('Active', { exact: true }).waitFor();
      await context.close();

      expect([offer, waiting]).toEqual([
        [false, false],
        [false, false],
      ]);
      expect(selected).toBe(link);
      expect(seen).toEqual(['open']);
      expect(await seenByMagento(admin)).toEqual(['open', 'success']);
      expect(end).toBe(`${app.url}/checklogin`);
      // Neither the store's admin nor anybody else was visited, and nothing learnt the secret but the link itself.
      expect(sent.filter(({ url }) => !url.startsWith(app.url))).toEqual([]);
      const secret = link.split('/').at(-1) ?? '';
      expect(secret).toHaveLength(43);
      expect(sent.filter(({ url }) => url.includes(secret))).toHaveLength(1);
      expect(sent.filter(({ referer }) => referer.includes(secret))).toEqual([]);
      expect(store.requests).toHaveLength(3);
    });
  });

  it('needs no script of ours in either browser', async () => {
    const app = await startApp();
    const store = await startStore();
    const { popupUrl, successCallbackUrl } = await store.activate(newIntegration(app, store).id);
    const browser = await startBrowser();
    const [mine, theirs] = [
      await browser.newContext({ javaScriptEnabled: false }),
      await browser.newContext({ javaScriptEnabled: false }),
    ];
    const [first, colleague] = [await mine.newPage(), await theirs.newPage()];
    await first.goto(popupUrl);
    await first.getByRole('link', { name: 'Someone else has the sign-in?' }).click();
    await first.getByRole('button').click();

    await colleague.goto(await first.getByLabel('Link').inputValue());
    await signIn(colleague);
    await colleague.getByRole('heading', { name: 'Connected' }).waitFor();
    await first.waitForURL(successCallbackUrl);
    await Promise.all([mine.close(), theirs.close()]);

    expect(store.integrations()[0]?.status).toBe('active');
  });
});
