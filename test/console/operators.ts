import { expect } from '@jest/globals';
import type { Credential } from '../../src/credentials/credential.js';
import { credentialStore, type GrantedCredential } from '../../src/credentials/credential-store.js';
import { keyRing } from '../../src/credentials/key-ring.js';
import { replaceRecords } from '../../src/credentials/replace-records.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { hiddenFields } from '../support/activation.js';
import { operator, type TestApp } from '../support/start-app.js';

export type Browser = ReturnType<TestApp['visitor']>;

/** A browser in which an operator has signed in. */
export async function operatorsBrowser(app: TestApp): Promise<Browser> {
  const browser = app.visitor();
  const response = await signIn(browser, operator);
  expect(response.status).toBe(303);
  return browser;
}

/** Loads the sign-in form, fills it in and sends it. */
export async function signIn(
  browser: Browser,
  typed: { readonly username: string; readonly password: string },
) {
  const form = await browser.get('/console/sign-in');
  return send(browser, '/console/sign-in', form.text, typed);
}

/** Sends a form that stands on a page. */
export async function send(
  browser: Browser,
  action: string,
  page: string,
  typed: Record<string, string> = {},
) {
  return browser
    .post(action)
    .type('form')
    .send({ ...hiddenFields(page), ...typed });
}

/** The account that a name and a password let in. */
export function letsIn(app: TestApp, username: string, password: string) {
  return app.deps.passwords.check({ username, password, network: '192.0.2.9', browser: undefined });
}

/** A credential in clear, no value of which occurs twice. */
export function grantedCredential(changes: Partial<GrantedCredential> = {}): GrantedCredential {
  return {
    consumerKey: randomNonce(),
    consumerSecret: randomNonce(),
    accessToken: randomNonce(),
    accessTokenSecret: randomNonce(),
    storeBaseUrl: 'https://shop.example/',
    account: 'mia@merchant.example',
    connectedAt: new Date('2026-11-20T08:15:00Z'),
    ...changes,
  };
}

/** Stores what a store granted, as the end of an exchange does. */
export async function connect(
  app: TestApp,
  changes: Partial<GrantedCredential> = {},
): Promise<GrantedCredential> {
  const granted = grantedCredential(changes);
  const { credentials } = app.deps;
  await replaceRecords(app.redis)(await credentials.changeTo(credentials.seal(granted)));
  return granted;
}

/** Stores a credential sealed with a key that the app does not have. */
export async function connectWithLostKey(app: TestApp): Promise<GrantedCredential> {
  const granted = grantedCredential();
  const lost = keyRing([{ id: 'lost', key: Buffer.alloc(32, 9) }]);
  const credentials = credentialStore(app.redis, app.prefix, lost);
  await replaceRecords(app.redis)(await credentials.changeTo(credentials.seal(granted)));
  return granted;
}

/** Notes the outcome of a check, as if it had been made. */
export async function noteCheck(
  app: TestApp,
  consumerKey: string,
  lastCheck: NonNullable<Credential['lastCheck']>,
): Promise<void> {
  const credential = await app.deps.credentials.find(consumerKey);
  await app.deps.credentials.recordCheck(credential!, lastCheck);
}

/** The address of a store's page. */
export function pageOf({ consumerKey }: { readonly consumerKey: string }): string {
  return `/console/stores/${consumerKey}`;
}

export function secretsOf(granted: GrantedCredential): string[] {
  return [granted.consumerSecret, granted.accessToken, granted.accessTokenSecret];
}
