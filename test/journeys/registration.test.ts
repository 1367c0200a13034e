import { describe, expect, it, jest } from '@jest/globals';
import { startBrowser } from '../support/browser.js';
import { fit, letMagentoLook, saveAndActivate, seenByMagento } from '../support/magento-window.js';
import { startApp } from '../support/start-app.js';

jest.setTimeout(90_000);

const fitting = { width: 680, height: 510, scrolls: false, buttonInSight: true };

describe('a merchant without an account, in the popup', () => {
  it('makes one and connects the store, while Magento looks on', async () => {
    const app = await startApp({ isRegistrationOpen: true });

    await saveAndActivate(
      async ({ admin, popup }) => {
        await popup.getByRole('link', { name: 'Make an account' }).click();
        await popup.getByRole('heading', { name: 'Make an account' }).waitFor();
        await letMagentoLook(admin, 2);
        const seen = await seenByMagento(admin);
        const opener: unknown = await popup.evaluate(() => window.opener as unknown);
        const form = await fit(popup);

        await popup.getByLabel('Username').fill('a b');
        await popup.getByLabel('Password').fill('a long password');
        await popup.getByRole('button').click();
        await popup.getByText('This cannot be a username.').waitFor();
        const refused = await fit(popup);
        await popup.getByLabel('Username').fill('ada');
        await popup.getByLabel('Password').fill('a long password');
        await popup.getByRole('button').click();
        await popup.getByText('Your account is made.').waitFor();
        const made = await fit(popup);
        const focused = await popup.evaluate(() => document.activeElement?.id);
        await popup.getByLabel('Password').fill('a long password');
        const closed = popup.waitForEvent('close');
        await popup.getByRole('button').click();
        await closed;
        await admin.getByText('Active', { exact: true }).waitFor();

        expect([seen, opener, focused]).toEqual([['open'], null, 'password']);
        expect([form, refused, made]).toEqual([fitting, fitting, fitting]);
        const [credential] = await app.deps.credentials.list();
        expect(credential).toMatchObject({ account: 'ada' });
      },
      { app },
    );
  });
});

describe('a merchant with a link', () => {
  it('sets the password without a script, and is signed in', async () => {
    const app = await startApp();
    const { secret } = await app.deps.invitations.create({ account: 'ada', createdBy: 'olga' });
    const context = await (await startBrowser()).newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const referrers: (string | undefined)[] = [];
    page.on('request', (request) => void referrers.push(request.headers()['referer']));

    await page.goto(`${app.url}/invitation/${secret}`);
    await page.getByLabel('Password').fill('a long password');
    await page.getByRole('button').click();
    await page.waitForURL(`${app.url}/account`);

    expect(await app.deps.accounts.find('ada')).toMatchObject({ role: 'merchant' });
    expect(referrers.length).toBeGreaterThan(2);
    expect(referrers.join()).not.toContain(secret);
    await context.close();
  });
});
