import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { SampleStoreOptions } from '../../src/sample-store/sample-store.js';
import { demoCustomer } from '../../src/sample-store/users/demo-people.js';
import { startBrowser } from '../support/browser.js';
import { startStore } from '../support/start-store.js';
import { activatedStore } from './activated-store.js';

async function newPage(width = 1280): Promise<Page> {
  const context = await (await startBrowser()).newContext({ viewport: { width, height: 800 } });
  return context.newPage();
}

/** How much wider a page is than its window, and what may be filled in there but says not what. */
function flaws(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const excess = document.documentElement.scrollWidth - innerWidth;
    const fields = document.querySelectorAll<HTMLInputElement>(
      'input:not([type=hidden]), select, textarea',
    );
    const nameless = [...fields].filter(({ labels }) => !labels?.[0]?.innerText.trim());
    return [
      ...(excess > 0 ? [`${location.pathname} is ${excess} too wide`] : []),
      ...nameless.map(({ name }) => `${location.pathname} has a field without a label: ${name}`),
    ];
  });
}

describe('the pages outside the admin site', () => {
  for (const width of [1280, 680, 320]) {
    it(`have all in sight and every field labelled at a width of ${width}`, async () => {
      const { store, connect, rest } = await activatedStore();
      const search = 'searchCriteria[filterGroups][0][filters][0][field]=some_long_name_of_a_field';
      await rest(`/rest/V1/products?${search}`, { ...(await connect()), tokenSecret: 'wrong' });
      store.setFaults([{ at: 'rest', do: 'redirect', location: 'https://www.shop.example/again' }]);
      const page = await newPage(width);

      const found: string[] = [];
      for (const path of ['', '_store/', '_store/requests/4', '_store/faults', 'nowhere']) {
        await page.goto(store.url + path);
        for (const summary of await page.locator('summary').all()) await summary.click();
        found.push(...(await flaws(page)));
      }
      for (const path of ['customer/account/login/', 'admin/admin/auth/login/']) {
        await page.goto(store.url + path);
        found.push(...(await flaws(page)));
      }

      expect(found).toEqual([]);
      await page.context().close();
    });
  }
});

describe('the links between the pages', () => {
  const stores: readonly SampleStoreOptions[] = [
    {},
    { adminFrontName: 'backend_x1' },
    { adminUrl: 'http://admin.localhost:0/', adminFrontName: 'x' },
    { shape: 'store-code' },
    { shape: 'index.php+store-code' },
    { shape: 'sub-directory' },
  ];
  for (const options of stores) {
    it(`lead to the admin, and a customer to their account: ${JSON.stringify(options)}`, async () => {
      const store = await startStore(options);
      const page = await newPage();

      await page.goto(`${store.url}_store/`);
      await page.getByRole('link', { name: 'Admin site' }).click();
      const admin = page.url();
      const heading = await page.getByRole('heading').innerText();
      await page.goto(store.url);
      await page.getByRole('link', { name: 'as a customer' }).click();
      await page.getByLabel('Email').fill(demoCustomer.email);
      await page.getByLabel('Password').fill(demoCustomer.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Ask by a script' }).click();
      const answer = page.getByText(`"email":"${demoCustomer.email}"`);
      await answer.waitFor();

      expect(admin.startsWith(store.adminUrl)).toBe(true);
      expect(heading).toBe('Integrations');
      expect(await answer.innerText()).toMatch(/^200 /);
      await page.context().close();
    });
  }
});
