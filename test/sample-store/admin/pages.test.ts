import { describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { startBrowser } from '../../support/browser.js';
import { startStore } from '../../support/start-store.js';
import { thirdPartySite } from './third-party-site.js';

/** The grid of a store in a browser. */
async function openGrid(options: SampleStoreOptions = {}, context: BrowserContextOptions = {}) {
  const store = await startStore(options);
  const page = await (await (await startBrowser()).newContext(context)).newPage();
  await page.goto(store.adminUrl);
  return { store, page };
}

async function openForm(options?: SampleStoreOptions, context?: BrowserContextOptions) {
  const { store, page } = await openGrid(options, context);
  await page.getByRole('link', { name: 'Add New Integration' }).click();
  return { store, page };
}

function box(page: Page, title: string) {
  return page.getByRole('checkbox', { name: title, exact: true });
}

/** What has the focus, by its accessible name as far as these pages give one. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    const [label] = 'labels' in element ? [...(element as HTMLInputElement).labels!] : [];
    const name = element.getAttribute('aria-label') ?? label?.innerText ?? element.innerText;
    return name.trim();
  });
}

describe('the resource tree', () => {
  it('is there for Custom alone', async () => {
    const { page } = await openForm();

    const withAll = await box(page, 'Products').isVisible();
    await page.getByLabel('Resource Access').selectOption('Custom');

    expect([withAll, await box(page, 'Products').isVisible()]).toEqual([false, true]);
  });

  it('ticks with a resource all that stands below it, and marks what is given in part', async () => {
    const { store, page } = await openForm();
    await page.getByLabel('Name').fill('Demo');
    await page.getByLabel('Resource Access').selectOption('Custom');

    await box(page, 'Catalog').uncheck();
    const none = await Promise.all(
      ['Inventory', 'Products'].map((title) => box(page, title).isChecked()),
    );
    await box(page, 'Inventory').check();
    const isPartly = await box(page, 'Catalog').evaluate(
      (input) => (input as HTMLInputElement).indeterminate,
    );
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText("The integration 'Demo' has been saved.").waitFor();

    expect(none).toEqual([false, false]);
    expect(isPartly).toBe(true);
    const { resources = [] } = store.integrations()[0] ?? {};
    expect(resources.filter((id) => id.startsWith('Magento_Catalog::catalog'))).toEqual([
      'Magento_Catalog::catalog_inventory',
    ]);
    expect(resources).toContain('Magento_Catalog::products');
  });

  it('is plain boxes without JavaScript', async () => {
    const { store, page } = await openForm({}, { javaScriptEnabled: false });
    await page.getByLabel('Name').fill('Demo');
    await page.getByLabel('Resource Access').selectOption('Custom');

    for (const each of await page.getByRole('checkbox').all()) await each.uncheck();
    await box(page, 'Products').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText("The integration 'Demo' has been saved.").waitFor();

    expect(store.integrations()[0]?.resources).toEqual(['Magento_Catalog::products']);
  });
});

describe('the dialog of an integration without a handshake', () => {
  it('shows the four values, one click selects one, and Done leads to an active integration', async () => {
    const { store, page } = await openForm();
    await page.getByLabel('Name').fill('Demo');
    await page.getByRole('button', { name: 'Save and Activate' }).click();

    await page.getByRole('button', { name: 'Allow' }).click();
    const values = page.getByRole('group', { name: 'Integration Tokens for Extensions' });
    await values.getByLabel('Access Token', { exact: true }).click();
    const selected = await page.evaluate(() => String(getSelection()));
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByText("The integration 'Demo' has been activated.").waitFor();

    expect(selected).toBe(store.integrations()[0]?.tokens[0]?.token);
    expect(await page.getByText('Active', { exact: true }).count()).toBe(1);
  });

  it('leads to the grid however it is closed', async () => {
    const { store, page } = await openGrid();
    store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '' });
    await page.reload();
    await page.getByRole('button', { name: 'Activate Demo' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('button', { name: 'Done' }).waitFor();

    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Reauthorize Demo' }).waitFor();
  });
});

describe('Delete', () => {
  for (const isSure of [false, true]) {
    it(`asks first, and ${isSure ? 'deletes' : 'does nothing'} when the answer is ${isSure ? 'yes' : 'no'}`, async () => {
      const { store, page } = await openGrid();
      store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '' });
      await page.reload();
      const asked: string[] = [];
      page.on('dialog', (dialog) => {
        asked.push(dialog.message());
        void (isSure ? dialog.accept() : dialog.dismiss());
      });

      await page.getByRole('button', { name: 'Delete Demo' }).click();
      if (isSure) await page.getByText("The integration 'Demo' has been deleted.").waitFor();

      expect(asked).toEqual([
        "Are you sure you want to delete this integration? You can't undo this action.",
      ]);
      expect(store.integrations()).toHaveLength(isSure ? 0 : 1);
    });
  }
});

describe('the keyboard', () => {
  it('is enough for Save and Activate, the dialog and the popup', async () => {
    const prefill = await thirdPartySite();
    const { page } = await openGrid({ prefill });
    const { keyboard } = page;
    const passed: string[] = [];
    async function press(key: string) {
      await keyboard.press(key);
      passed.push(await focused(page));
    }

    for (let step = 0; step < 20 && passed.at(-1) !== 'Add New Integration'; step += 1) {
      await press('Tab');
    }
    passed.splice(0, passed.length - 1);
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'New Integration' }).waitFor();
    passed.push(await focused(page));
    await keyboard.type('Demo');
    for (let step = 0; step < 4; step += 1) await press('Tab');
    for (let step = 0; step < 5; step += 1) await press('Shift+Tab');
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Demo' }).waitFor();
    passed.push(await focused(page));
    await press('Tab');
    await press('Shift+Tab');
    const opened = page.waitForEvent('popup');
    await keyboard.press('Enter');
    const popup = await opened;
    await popup.getByRole('link', { name: 'Sign in' }).waitFor();
    await popup.keyboard.press('Tab');
    await popup.keyboard.press('Enter');
    await page.getByText("Integration 'Demo' has been sent for activation.").waitFor();

    expect(passed).toEqual([
      'Add New Integration',
      ...['Name', 'Email', 'Callback URL', 'Identity link URL', 'Resource Access'],
      ...['Identity link URL', 'Callback URL', 'Email', 'Name', 'Save and Activate'],
      ...['Allow', 'Cancel', 'Allow'],
    ]);
  });

  it('leaves the permission dialog by Escape, back to the button it came from', async () => {
    const { store, page } = await openGrid();
    store.addIntegration({ name: 'Demo', endpointUrl: '', identityUrl: '' });
    await page.reload();
    await page.getByRole('button', { name: 'Activate Demo' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Demo' }).waitFor();

    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    expect(await focused(page)).toBe('Activate Demo');
    expect(store.integrations()[0]?.status).toBe('inactive');
  });

  it('sees no second integration saved by whoever leaves the dialog of a new one', async () => {
    const { store, page } = await openForm();
    await page.getByLabel('Name').fill('Demo');
    await page.getByRole('button', { name: 'Save and Activate' }).click();
    await page.getByRole('dialog').waitFor();

    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Integrations' }).waitFor();

    expect(store.integrations()).toHaveLength(1);
  });
});

describe('every page', () => {
  for (const width of [1280, 680, 320]) {
    it(`has nothing cut off at a width of ${width}`, async () => {
      const { store, page } = await openGrid({}, { viewport: { width, height: 800 } });
      const name = 'An integration with a name that is longer than most others';
      store.addIntegration({ name, endpointUrl: 'http://x.example/', identityUrl: '' });
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await page.reload();

      const found = [await overflow()];
      await page.getByRole('link', { name: `Edit ${name}` }).click();
      await page.getByLabel('Resource Access').selectOption('Custom');
      found.push(await overflow());

      expect(found.filter((pixels) => pixels > 0)).toEqual([]);
    });
  }
});
