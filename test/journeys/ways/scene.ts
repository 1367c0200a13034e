import type { Page } from 'playwright-core';
import { readFaultSpec } from '../../../src/sample-store/faults/read-fault.js';
import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { activationForm } from '../../support/activation.js';
import { fakeClock } from '../../support/fake-clock.js';
import { newIntegration } from '../../support/popup.js';
import { popupUrlFrom, post } from '../../support/posts.js';
import { merchant, startApp, type AppOptions } from '../../support/start-app.js';
import { startStore } from '../../support/start-store.js';

export const clock = fakeClock();

/** Gives a store up after a second. */
export const patience: AppOptions = {
  now: clock.now,
  limits: { deadlineMs: 1_000, replyBytes: 64 * 1024 },
};

export const app = await startApp(patience);

type Person = typeof merchant;

/** A store that has just sent its activation, with these faults as on the command line; `http://store/` is itself. */
export async function announced(faults: readonly string[] = [], options?: SampleStoreOptions) {
  const store = await startStore({ now: clock.now, ...options });
  store.setFaults(
    faults.map((spec) => readFaultSpec(spec.replace('http://store/', `${store.url}/`))),
  );
  const integration = newIntegration(app, store);
  const { popupUrl, consumerKey } = await store.activate(integration.id);
  return { store, integration, popupUrl, consumerKey };
}

/** Stores that nobody runs, which have posted with one key, and the address of a popup from the admin at `from`. */
export async function posted(
  stores: readonly string[] = ['https://shop.example/'],
  from = 'https://shop.example',
  by = app,
) {
  const form = activationForm();
  for (const store of stores) await post(by, { ...form, store_base_url: store });
  const consumerKey = form['oauth_consumer_key'] ?? '';
  return { consumerKey, popupUrl: popupUrlFrom(by, { consumerKey }, from) };
}

/** Whom an operator invites. */
export const invited = { account: merchant.username, createdBy: 'olga' };

/** A POST to another address of the app than the common one, and the address of its popup. */
export async function postedTo(address: string) {
  const form = activationForm();
  await app.visitor().post(address).type('form').send(form);
  const consumerKey = form['oauth_consumer_key'] ?? '';
  return { consumerKey, popupUrl: popupUrlFrom(app, { consumerKey }, 'https://shop.example') };
}

/** Fills in the login form that is open, and sends it. */
export async function signIn(page: Page, { username, password }: Person = merchant): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await press(page);
}

/** Presses the one button and waits for the page that comes of it. */
export async function press(page: Page): Promise<void> {
  const answer = page.waitForResponse(
    (response) => response.request().isNavigationRequest() && response.status() !== 303,
  );
  await page.getByRole('button').first().click();
  await answer;
  await page.waitForLoadState();
}

/** The link by which the sign-in of the open form is handed over. */
export async function linkOn(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Someone else has the sign-in?' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  return page.getByLabel('Link').inputValue();
}

/** Opens the popup of a store with these faults, and signs in. */
export async function signInTo(page: Page, ...faults: string[]): Promise<void> {
  const { popupUrl } = await announced(faults);
  await page.goto(popupUrl);
  await signIn(page);
}

/** The popup of an activation of which nothing is special. */
export async function openForm(page: Page, ...stores: string[]): Promise<void> {
  const { popupUrl } = await posted(stores.length > 0 ? stores : undefined);
  await page.goto(popupUrl);
}
