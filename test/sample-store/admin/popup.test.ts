import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../support/browser.js';
import { startStore } from '../../support/start-store.js';
import { startCallback } from '../third-party.js';

/** Clicks through Save and Activate, up to the permission dialog, with a third party on another origin. */
async function atPermissionDialog(): Promise<{ page: Page; answersAt: (path: string) => string }> {
  const third = await startCallback((res, { target }) => {
    const { searchParams } = new URL(target, 'http://third.example');
    const back = searchParams.get('success_call_back');
    if (target.startsWith('/done')) res.writeHead(303, { Location: back ?? '' }).end();
    else if (back === null) res.end('ok');
    else {
      res.setHeader('Content-Type', 'text/html');
      res.end(`<a href="/done?success_call_back=${encodeURIComponent(back)}">Sign in</a>`);
    }
  });
  const answersAt = (path: string) => new URL(path, third.url).href;
  const prefill = { endpointUrl: third.url, identityUrl: answersAt('/login') };
  const { url } = await startStore({ prefill });
  const browser = await startBrowser();
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${url}admin/`);
  await page.getByRole('link', { name: 'Add New Integration' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Demo');
  await page.getByRole('button', { name: 'Save and Activate' }).click();
  await page.getByRole('dialog').waitFor();
  return { page, answersAt };
}

function notes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const written = JSON.parse(sessionStorage.getItem('popup') ?? '[]') as { state: string }[];
    return written.map(({ state }) => state);
  });
}

async function allow(page: Page): Promise<Page> {
  const opened = page.waitForEvent('popup');
  await page.getByRole('button', { name: 'Allow' }).click();
  const popup = await opened;
  await popup.getByRole('link', { name: 'Sign in' }).waitFor();
  return popup;
}

describe('the popup', () => {
  it('has key and callback, and its opener', async () => {
    const { page, answersAt } = await atPermissionDialog();

    const popup = await allow(page);

    expect(popup.url()).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/login\?oauth_consumer_key=[0-9a-z]{32}&success_call_back=http%3A%2F%2Flocalhost%3A/,
    );
    expect(popup.url()).toMatch(answersAt('/login'));
    expect(await popup.evaluate(() => window.opener !== null)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.dataset['popup'])).toBe('open');
  });

  it('that comes to the callback address is a success, and closes itself', async () => {
    const { page } = await atPermissionDialog();
    const popup = await allow(page);
    const closed = popup.waitForEvent('close');

    await popup.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Integrations' }).waitFor();

    expect(await notes(page)).toEqual(['open', 'success']);
    await closed;
  });

  it('that is closed early sends the page to the grid all the same', async () => {
    const { page } = await atPermissionDialog();
    const popup = await allow(page);

    await popup.close();
    await page.getByText("Integration 'Demo' has been sent for activation.").waitFor();

    expect(await notes(page)).toEqual(['open', 'closed']);
  });

  it('that the browser does not open is told in an alert', async () => {
    const { page } = await atPermissionDialog();
    await page.evaluate(() => {
      window.open = () => null;
    });
    const alerts: string[] = [];
    page.on('dialog', (dialog) => {
      alerts.push(dialog.message());
      void dialog.accept();
    });

    await page.getByRole('button', { name: 'Allow' }).click();
    // The grid comes after the alert; what the old page kept is asked of the new one.
    await page.getByRole('heading', { name: 'Integrations' }).waitFor();

    expect(await notes(page)).toEqual(['blocked']);
    expect(alerts).toEqual([
      'Popup Blocker is enabled! Please add this site to your exception list.',
    ]);
  });
});
