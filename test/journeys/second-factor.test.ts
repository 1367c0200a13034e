import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createSampleStore } from '../../src/sample-store/sample-store.js';
import { startBrowser } from '../support/browser.js';
import { fakeClock } from '../support/fake-clock.js';
import { popupOf } from '../support/magento-window.js';
import { phoneWith } from '../support/second-factor.js';
import { operator, startApp } from '../support/start-app.js';

async function givePassword(page: Page): Promise<void> {
  await page.getByLabel('Username').fill(operator.username);
  await page.getByLabel('Password').fill(operator.password);
  await page.getByRole('button').click();
  await page.getByLabel('Code from your app').waitFor();
}

async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code from your app').fill(code);
  await page.getByRole('button').click();
}

/** How a page sits in its window. */
function fit(page: Page) {
  return page.evaluate(() => ({
    width: innerWidth,
    height: innerHeight,
    scrolls:
      document.documentElement.scrollHeight > innerHeight ||
      document.documentElement.scrollWidth > innerWidth,
  }));
}

describe('a second factor, as an operator sees it', () => {
  it('is turned on, and asked for in the console and in the popup', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const context = await (await startBrowser()).newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });

    await page.goto(`${app.url}/console`);
    await page.getByLabel('Username').fill(operator.username);
    await page.getByLabel('Password').fill(operator.password);
    await page.getByRole('button').click();
    await page.getByRole('link', { name: /Second factor/ }).click();
    const picture = await page.getByRole('img', { name: /QR code/ }).boundingBox();
    const secret = await page.locator('code').innerText();
    const phone = phoneWith(secret.replaceAll(' ', ''));
    await page.getByLabel('Your password').fill(operator.password);
    await page.getByLabel('Code that the app shows').fill(phone.codeAt(clock.now()));
    await page.getByRole('button', { name: 'Turn on' }).click();
    const recoveryCodes = await page.getByRole('listitem').allInnerTexts();
    expect([picture!.width, picture!.height]).toEqual([216, 216]);
    expect(recoveryCodes).toHaveLength(10);

    clock.advance(30);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await givePassword(page);
    await giveCode(page, phone.codeAt(clock.now()));
    await page.getByRole('heading', { name: 'Stores' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await givePassword(page);
    await giveCode(page, recoveryCodes[0]!);
    await page.getByRole('heading', { name: 'Stores' }).waitFor();
    expect(complaints).toEqual([]);

    clock.advance(30);
    const store = createSampleStore({
      now: clock.now,
      prefill: { endpointUrl: `${app.url}/endpoint`, identityUrl: `${app.url}/login` },
    });
    try {
      const { url } = await store.listen(0, '127.0.0.1');
      const admin = await (await (await startBrowser()).newContext()).newPage();
      const popup = await popupOf(admin, url);
      await givePassword(popup);
      const asked = await fit(popup);
      await giveCode(popup, '000000');
      await popup.getByRole('alert').waitFor();
      const askedAgain = await fit(popup);
      const closed = popup.waitForEvent('close');
      const addresses: string[] = [];
      popup.on('framenavigated', (frame) => addresses.push(frame.url()));
      await giveCode(popup, phone.codeAt(clock.now()));
      await closed;
      await admin.getByText('Active', { exact: true }).waitFor();

      const fits = { width: 680, height: 510, scrolls: false };
      expect([asked, askedAgain]).toEqual([fits, fits]);
      expect(addresses.at(-1)).toMatch(/\/loginSuccessCallback\/key\/[0-9a-f]{64}\/$/);
    } finally {
      await store.close();
    }
  });
});
