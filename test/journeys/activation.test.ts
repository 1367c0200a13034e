import { describe, expect, it } from '@jest/globals';
import { signedCall } from '../../src/magento/signed-call.js';
import { startBrowser } from '../support/browser.js';
import {
  fit,
  letMagentoLook,
  saveAndActivate,
  seenByMagento,
  signIn,
} from '../support/magento-window.js';
import { merchant, operator } from '../support/start-app.js';

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
