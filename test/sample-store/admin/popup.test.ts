import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { startBrowser } from '../../support/browser.js';
import { startStore } from '../../support/start-store.js';
import { when } from '../third-party.js';
import { thirdPartySite } from './third-party-site.js';

const sorry = 'Sorry, something went wrong. Please try again later.';
const blocked = 'Popup Blocker is enabled! Please add this site to your exception list.';

/** The grid with one integration of a third party on another origin, its permission dialog open. */
async function atPermissionDialog(options: SampleStoreOptions & { hold?: boolean } = {}) {
  const third = await thirdPartySite(options);
  const store = await startStore(options);
  store.addIntegration({ name: 'Demo', ...third });
  const page = await (await (await startBrowser()).newContext()).newPage();
  const alerts: string[] = [];
  page.on('dialog', (dialog) => {
    alerts.push(dialog.message());
    void dialog.accept();
  });
  await page.goto(store.adminUrl);
  await page.getByRole('button', { name: 'Activate' }).click();
  await page.getByRole('dialog').waitFor();
  return { page, store, third, alerts };
}

/** Keeps what the page's script hands to the browser's own functions, and lets it through. */
async function listenIn(page: Page) {
  await page.evaluate(() => {
    const open = window.open.bind(window);
    const every = window.setInterval.bind(window);
    const heard: unknown[] = [];
    Object.assign(window, {
      heard,
      open: (...args: [string, string, string]) => (heard.push(args), open(...args)),
      setInterval: (work: () => void, ms: number) => (heard.push(ms), every(work, ms)),
    });
  });
  return () =>
    page.evaluate(() => (window as unknown as { heard: [[string, string, string], number] }).heard);
}

/** How the windows have ended, as the script has kept it. */
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
    const { page, store, third } = await atPermissionDialog();

    const popup = await allow(page);

    const consumerKey = store.integrations()[0]?.consumerKey ?? '';
    const callback = encodeURIComponent(
      `${store.adminUrl}admin/integration/loginSuccessCallback/key/`,
    );
    expect(popup.url()).toMatch(
      `${third.identityUrl}?oauth_consumer_key=${consumerKey}&success_call_back=${callback}`,
    );
    expect(await popup.evaluate(() => window.opener !== null)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.dataset['popup'])).toBe('open');
  });

  it('is a new window of 680 by 510 each time, and looked at every 500 ms', async () => {
    const { page } = await atPermissionDialog();
    const heard = await listenIn(page);

    const popup = await allow(page);

    const [[, target, features], interval] = await heard();
    expect(target).toBe('');
    expect(features).toMatch(/^top=-?\d+,left=-?\d+,width=680,height=510,scrollbars=no$/);
    expect(interval).toBe(500);
    expect(await popup.evaluate(() => [innerWidth, innerHeight])).toEqual([680, 510]);
  });

  it('comes after the third party has answered the POST, and nothing takes the dialog away before', async () => {
    const { page, third } = await atPermissionDialog({ hold: true });
    await page.getByRole('button', { name: 'Allow' }).click();
    await when(() => third.posts().length === 1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    const before = page.context().pages().length;
    const isOpen = await page.getByRole('dialog').isVisible();
    const opened = page.waitForEvent('popup');
    third.release();
    await opened;

    expect([before, isOpen]).toEqual([1, true]);
    await page.getByText('Please setup or sign in into your 3rd party account').waitFor();
  });

  it('that comes to the callback address is a success, and closes itself', async () => {
    const { page } = await atPermissionDialog();
    const popup = await allow(page);
    const closed = popup.waitForEvent('close');

    await popup.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText("Integration 'Demo' has been sent for activation.").waitFor();

    expect(await notes(page)).toEqual(['open', 'success']);
    await closed;
  });

  it('is noticed on a separate admin domain, too', async () => {
    const adminUrl = 'http://admin.localhost:0/';
    const { page } = await atPermissionDialog({ adminUrl, adminFrontName: 'backend_x1' });
    const popup = await allow(page);

    await popup.getByRole('link', { name: 'Sign in' }).click();
    await page.getByText("Integration 'Demo' has been sent for activation.").waitFor();

    expect(page.url()).toMatch(/^http:\/\/admin\.localhost:\d+\/backend_x1\/admin\/integration\//);
    expect(await notes(page)).toEqual(['open', 'success']);
  });

  it('that is closed early sends the page to the grid all the same', async () => {
    const { page } = await atPermissionDialog();
    const popup = await allow(page);

    await popup.close();
    await page.getByText("Integration 'Demo' has been sent for activation.").waitFor();

    expect(await notes(page)).toEqual(['open', 'closed']);
  });

  it('that the browser does not open is told in an alert; the page stays, to click again', async () => {
    const { page, store, third, alerts } = await atPermissionDialog();
    await page.evaluate(() => {
      const open = window.open.bind(window);
      window.open = () => {
        window.open = open;
        return null;
      };
    });

    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const noted = await notes(page);
    await page.getByRole('button', { name: 'Activate' }).click();
    await allow(page);

    expect(alerts).toEqual([blocked]);
    expect(noted).toEqual(['blocked']);
    expect(new Set(third.posts().map(({ body }) => body)).size).toBe(1);
    expect(third.posts()).toHaveLength(2);
    expect(store.integrations()[0]?.tokens).toHaveLength(1);
  });

  it('does not open when the POST has failed: the grid says so', async () => {
    const fault = { at: 'post', do: 'drop-before' } as const;
    const { page, alerts } = await atPermissionDialog({ faults: [fault] });

    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('The attempt to post data to consumer failed').waitFor();

    expect(page.context().pages()).toHaveLength(1);
    expect(alerts).toEqual([]);
  });

  it('is never reached in 2.4.2', async () => {
    const { page, third, alerts } = await atPermissionDialog({ release: '2.4.2' });

    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    expect(alerts).toEqual([sorry]);
    expect(third.posts()).toEqual([]);
    expect(page.context().pages()).toHaveLength(1);
  });

  it('does not open when the store has gone away: an alert says so', async () => {
    const { page, store, alerts } = await atPermissionDialog();
    await store.close();

    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    expect(alerts).toEqual([sorry]);
  });
});
