import { describe, expect, it } from '@jest/globals';
import { startBrowser } from '../../support/browser.js';
import { startStore } from '../../support/start-store.js';
import { customer, refused } from './people.js';

describe('a customer in a browser', () => {
  it('is known to the Web API when a script of the store asks, not when they go there', async () => {
    const { url } = await startStore();
    const page = await (await startBrowser()).newPage();
    const me = `${url}rest/V1/customers/me`;

    await page.goto(url);
    await page.getByRole('link', { name: 'as a customer' }).click();
    await page.getByLabel('Email').fill(customer.username);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'sign-in was incorrect' }).waitFor();
    await page.getByLabel('Password').fill(customer.password);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.getByRole('button', { name: 'Ask by a script' }).click();
    await page.getByRole('status').filter({ hasText: customer.username }).waitFor();
    const withoutHeader = await page.evaluate(async (target) => (await fetch(target)).status, me);
    const navigation = await page.goto(me);
    const asNavigation = {
      status: navigation?.status(),
      body: (await navigation?.json()) as unknown,
    };
    await page.goBack();
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByLabel('Email').waitFor();
    const signedOut = await page.evaluate(
      async (target) =>
        (await fetch(target, { headers: { 'X-Requested-With': 'XMLHttpRequest' } })).status,
      me,
    );
    await page.close();

    expect(withoutHeader).toBe(401);
    expect(asNavigation).toEqual(refused('self'));
    expect(signedOut).toBe(401);
  });

  it('keeps the session from the pages of another site', async () => {
    const { url } = await startStore();
    const page = await (await startBrowser()).newPage();
    await page.goto(`${url}customer/account/login/`);
    await page.getByLabel('Email').fill(customer.username);
    await page.getByLabel('Password').fill(customer.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Ask by a script' }).waitFor();

    await page.goto(url.replace('localhost', '127.0.0.1'));
    const cookies = await page.evaluate(() => document.cookie);
    const asked = await page.evaluate(
      (target) =>
        fetch(target, {
          credentials: 'include',
          headers: { 'X-Requested-With': 'XMLHttpRequest' },
        }).then(
          () => 'answered',
          () => 'blocked',
        ),
      `${url}rest/V1/customers/me`,
    );
    await page.close();

    expect(cookies).toBe('');
    expect(asked).toBe('blocked');
  });
});
