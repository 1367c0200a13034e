import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { signedCall } from '../../src/magento/signed-call.js';
import { createSampleStore, type SampleStore } from '../../src/sample-store/sample-store.js';
import { startBrowser } from '../support/browser.js';
import { merchant, operator, startApp, type TestApp } from '../support/start-app.js';

interface Journey {
  readonly app: TestApp;
  readonly store: SampleStore;
  /** The merchant's Magento admin. */
  readonly admin: Page;
  /** The window that Magento has opened. */
  readonly popup: Page;
}

/** Save and Activate in a Magento on another site than the app, up to the open popup. */
async function saveAndActivate(use: (journey: Journey) => Promise<void>): Promise<void> {
  const app = await startApp();
  const store = createSampleStore({
    prefill: { endpointUrl: `${app.url}/endpoint`, identityUrl: `${app.url}/login` },
  });
  const { url } = await store.listen(0, '127.0.0.1');
  const context = await (await startBrowser()).newContext();
  try {
    const admin = await context.newPage();
    await admin.goto(`${url}admin/`);
    await admin.getByRole('link', { name: 'Add New Integration' }).click();
    await admin.getByLabel('Name').fill('Journey');
    await admin.getByRole('button', { name: 'Save and Activate' }).click();
    const opening = admin.waitForEvent('popup');
    await admin.getByRole('button', { name: 'Allow' }).click();
    const popup = await opening;
    await popup.getByLabel('Password').waitFor();
    await use({ app, store, admin, popup });
  } finally {
    await context.close();
    await store.close();
  }
}

async function signIn(popup: Page, password = merchant.password): Promise<void> {
  await popup.getByLabel('Username').fill(merchant.username);
  await popup.getByLabel('Password').fill(password);
  await popup.getByRole('button').click();
}

/** How a page sits in its window. */
async function fit(popup: Page) {
  const button = await popup.getByRole('button').boundingBox();
  const size = await popup.evaluate(() => ({
    width: innerWidth,
    height: innerHeight,
    scrolls:
      document.documentElement.scrollHeight > innerHeight ||
      document.documentElement.scrollWidth > innerWidth,
  }));
  return { ...size, buttonInSight: button !== null && button.y + button.height < size.height };
}

/** What Magento's script has made of the popup, tick by tick. */
function seenByMagento(admin: Page): Promise<string[]> {
  return admin.evaluate(() => {
    const notes = JSON.parse(sessionStorage.getItem('popup') ?? '[]') as { state: string }[];
    return notes.map(({ state }) => state);
  });
}

/** Lets Magento's script look at the popup so many times; it looks every 500 ms. */
async function letMagentoLook(admin: Page, times: number): Promise<void> {
  await admin.evaluate(
    (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
    times * 500 + 100,
  );
}

describe('an activation, as the merchant sees it', () => {
  it('goes from Save and Activate to a credential that signs a call', async () => {
    await saveAndActivate(async ({ app, store, admin, popup }) => {
      await letMagentoLook(admin, 3);
      const whileTyping = await seenByMagento(admin);
      const closed = popup.waitForEvent('close');
      const addresses: string[] = [];
      popup.on('framenavigated', (frame) => addresses.push(frame.url()));

      await signIn(popup);
      await closed;
      await admin.getByText('Active', { exact: true }).waitFor();

      expect(whileTyping).toEqual(['open']);
      expect(await seenByMagento(admin)).toEqual(['open', 'success']);
      expect(addresses.at(-1)).toMatch(
        /\/admin\/integration\/loginSuccessCallback\/key\/[0-9a-f]{64}\/$/,
      );
      const [integration] = store.integrations();
      const credential = await app.deps.credentials.find(integration!.consumerKey);
      const { accessToken, accessTokenSecret, consumerSecret } = app.deps.credentials.open(
        credential!,
      );
      const reply = await signedCall(
        app.deps,
        { method: 'GET', url: `${credential!.storeBaseUrl}rest/V1/products/24-MB01` },
        {
          consumerKey: credential!.consumerKey,
          consumerSecret,
          token: accessToken,
          tokenSecret: accessTokenSecret,
        },
      );
      expect(reply.status).toBe(200);
    });
  });

  it('fits the popup that Magento opens: 680 x 510, nothing to scroll, the button in sight', async () => {
    await saveAndActivate(async ({ popup }) => {
      const opened = await fit(popup);
      await signIn(popup, 'not the password');
      await popup.getByRole('alert').waitFor();
      const afterWrongPassword = await fit(popup);

      const fits = { width: 680, height: 510, scrolls: false, buttonInSight: true };
      expect(opened).toEqual(fits);
      expect(afterWrongPassword).toEqual(fits);
    });
  });

  it('can be done by keyboard alone, after a wrong password too', async () => {
    await saveAndActivate(async ({ admin, popup }) => {
      const { keyboard } = popup;
      await keyboard.type(merchant.username);
      await keyboard.press('Tab');
      await keyboard.type('not the password');
      await keyboard.press('Enter');
      await popup.getByRole('alert').waitFor();
      const closed = popup.waitForEvent('close');

      await keyboard.type(merchant.password);
      await keyboard.press('Enter');
      await closed;
      await admin.getByText('Active', { exact: true }).waitFor();

      expect(await seenByMagento(admin)).toEqual(['open', 'success']);
    });
  });

  it('ends on a page that says what to do when the store fails, with the popup still open', async () => {
    await saveAndActivate(async ({ store, admin, popup }) => {
      store.setFaults([{ at: 'request', do: 'status-503' }]);

      await signIn(popup);
      await popup.getByText('You can close this window.').waitFor();
      await letMagentoLook(admin, 2);

      expect(await popup.getByRole('heading').textContent()).toContain('maintenance');
      expect(await seenByMagento(admin)).toEqual(['open']);
    });
  });

  it('loads nothing from anywhere else and breaks no rule of its own policy', async () => {
    await saveAndActivate(async ({ app, popup }) => {
      const requests: string[] = [];
      const complaints: string[] = [];
      popup.on('request', (request) => requests.push(request.url()));
      popup.on('console', (message) => complaints.push(message.text()));

      await popup.reload();

      expect(requests.length).toBeGreaterThan(1);
      expect(requests.filter((url) => !url.startsWith(app.url))).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
});

describe('the console, as an operator sees it', () => {
  it('shows the store after its activation and reveals its secrets for a password', async () => {
    await saveAndActivate(async ({ app, store, popup }) => {
      const closed = popup.waitForEvent('close');
      await signIn(popup);
      await closed;
      const page = await (await (await startBrowser()).newContext()).newPage();
      const [integration] = store.integrations();
      const { token } = integration!.tokens[0]!;

      await page.goto(`${app.url}/console`);
      await page.getByLabel('Username').fill(operator.username);
      await page.getByLabel('Password').fill(operator.password);
      await page.getByRole('button').click();
      await page
        .getByRole('link', { name: /127\.0\.0\.1/ })
        .first()
        .click();
      const masked = await page.content();
      await page.getByLabel(/password/i).fill(operator.password);
      await page.getByRole('button', { name: /reveal/i }).click();
      await page.getByLabel('Access token', { exact: true }).waitFor();

      expect(masked).not.toContain(token);
      expect(await page.getByLabel('Access token', { exact: true }).inputValue()).toBe(token);
    });
  });
});
