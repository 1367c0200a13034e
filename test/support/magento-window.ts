import type { BrowserContext, Page } from 'playwright-core';
import {
  createSampleStore,
  type SampleStore,
  type SampleStoreOptions,
} from '../../src/sample-store/sample-store.js';
import { startBrowser } from './browser.js';
import { merchant, startApp, type TestApp } from './start-app.js';

export interface Journey {
  readonly app: TestApp;
  readonly store: SampleStore;
  readonly context: BrowserContext;
  /** The merchant's Magento admin. */
  readonly admin: Page;
  /** The window that Magento has opened. */
  readonly popup: Page;
}

export interface JourneyOptions {
  readonly app?: TestApp;
  /** Where the merchant has typed that the app is, without a slash at the end; the app's own address by default. */
  readonly appUrl?: string;
  readonly store?: SampleStoreOptions;
  /** The name of this machine by which the admin is reached. */
  readonly adminHost?: 'localhost' | '127.0.0.1';
  /** Does something in the merchant's browser before Magento is opened in it. */
  readonly before?: (context: BrowserContext) => Promise<void>;
}

/** Save and Activate in a Magento on another site than the app, up to the open popup. */
export async function saveAndActivate(
  use: (journey: Journey) => Promise<void>,
  options: JourneyOptions = {},
): Promise<void> {
  const app = options.app ?? (await startApp());
  const { appUrl = app.url } = options;
  const store = createSampleStore({
    ...options.store,
    prefill: { endpointUrl: `${appUrl}/endpoint`, identityUrl: `${appUrl}/login` },
  });
  const { url } = await store.listen(0, options.adminHost ?? '127.0.0.1');
  const context = await (await startBrowser()).newContext();
  try {
    await options.before?.(context);
    const admin = await context.newPage();
    const popup = await popupOf(admin, url);
    await popup.getByLabel('Password').waitFor();
    await use({ app, store, context, admin, popup });
  } finally {
    await context.close();
    await store.close();
  }
}

/** Clicks through the admin of the store at this address, up to the window that Magento opens. */
export async function popupOf(admin: Page, url: string): Promise<Page> {
  await admin.goto(`${url}admin/`);
  await admin.getByRole('link', { name: 'Add New Integration' }).click();
  await admin.getByLabel('Name').fill('Journey');
  await admin.getByRole('button', { name: 'Save and Activate' }).click();
  const opening = admin.waitForEvent('popup');
  await admin.getByRole('button', { name: 'Allow' }).click();
  return opening;
}

export async function signIn(popup: Page, password = merchant.password): Promise<void> {
  await popup.getByLabel('Username').fill(merchant.username);
  await popup.getByLabel('Password').fill(password);
  await popup.getByRole('button').click();
}

/** How a page sits in its window. */
export async function fit(popup: Page) {
  const button = await popup.getByRole('button').first().boundingBox();
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
export function seenByMagento(admin: Page): Promise<string[]> {
  return admin.evaluate(() => {
    const notes = JSON.parse(sessionStorage.getItem('popup') ?? '[]') as { state: string }[];
    return notes.map(({ state }) => state);
  });
}

/** Lets Magento's script look at the popup so many times; it looks every 500 ms. */
export async function letMagentoLook(admin: Page, times: number): Promise<void> {
  await admin.evaluate(
    (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
    times * 500 + 100,
  );
}
