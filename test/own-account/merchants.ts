import { expect } from '@jest/globals';
import { supportCode } from '../../src/timeline/support-code.js';
import { send, type Browser } from '../console/operators.js';
import { merchant, type TestApp } from '../support/start-app.js';

/** A browser in which somebody has signed in to their account. */
export async function merchantsBrowser(app: TestApp, person = merchant): Promise<Browser> {
  const browser = app.visitor();
  expect((await signInToAccount(browser, person)).status).toBe(303);
  return browser;
}

/** Loads the sign-in form of the account, fills it in and sends it. */
export async function signInToAccount(browser: Browser, typed: typeof merchant) {
  const form = await browser.get('/account/sign-in');
  return send(browser, '/account/sign-in', form.text, typed);
}

/** What stands at the beginning of a store's addresses at its account. */
export function ownPath({ consumerKey }: { readonly consumerKey: string }): string {
  return `/account/stores/${supportCode(consumerKey)}`;
}
