import { signedCall } from '../magento/signed-call.js';
import { browser, type Page } from './demo-browser.js';
import { demoMerchant, demoOperator, type Demo } from './start-demo.js';

/**
 * Walks the main job over HTTP, as a merchant and an operator would, and says each step that has worked.
 *
 * @throws Error that says what was expected at the first step that has not.
 */
export async function checkDemo(demo: Demo, say: (step: string) => void): Promise<void> {
  say(`app at ${demo.app.url}, Redis: ${demo.app.redis}`);
  say(`sample store at ${demo.storeUrl}`);
  const { consumerKey, popupUrl, successCallback } = await saveAndActivate(demo);
  say('Save and Activate: the store has posted the activation and would open the popup');

  const merchant = browser();
  const login = await merchant.open(popupUrl);
  expect(
    login.status === 200 && login.text.includes(new URL(demo.storeUrl).host),
    'the login form',
    login,
  );
  say('login page: it names the store that asks');
  const submitted = await merchant.submit(login, {
    username: demoMerchant.name,
    password: demoMerchant.password,
  });
  const answer = await merchant.waited(submitted);
  expect(answer.status === 303, 'the redirect back to Magento', answer);
  expect(answer.location === successCallback, 'the success callback, byte for byte', answer);
  const back = await merchant.open(answer.location);
  expect(back.status === 200, "Magento's page that closes the popup", back);
  const active = demo.store.integrations().some(({ status }) => status === 'active');
  expect(active, 'the integration Active in Magento', back);
  say('sign-in: tokens exchanged, browser back at Magento, integration Active');

  const product = await signedProduct(demo, consumerKey);
  say(`signed REST call: GET rest/V1/products/${product} answers 200`);

  await seeInConsole(demo);
  say('console: an operator sees the credential');
}

/** Clicks through the sample store's admin up to the popup, whose address is answered. */
async function saveAndActivate(demo: Demo) {
  const admin = browser();
  const grid = await admin.open(`${demo.storeUrl}admin/`);
  const newUrl = find(grid, /href="([^"]*\/integration\/new\/[^"]*)"/, 'Add New Integration');
  const form = await admin.open(newUrl, grid.url);
  const saved = await admin.submit(
    form,
    { name: 'Demo', resource: ['Magento_Backend::store', 'Magento_Catalog::products'] },
    { 'X-Requested-With': 'XMLHttpRequest' },
  );
  const id = find(saved, /"integrationId":"?(\d+)/, 'the integration saved');
  const exchangeUrl = find(grid, /data-exchange-url="([^"]+)"/, 'the exchange address')
    .replace(':id', id)
    .replace(':reauthorize', '0');
  const exchange = await admin.open(exchangeUrl, grid.url);
  const consumerKey = find(
    exchange,
    /"oauth_consumer_key":"([0-9a-z]{32})"/,
    'the activation delivered',
  );
  const { identity_link_url } = JSON.parse(exchange.text) as { identity_link_url: string };
  const callbackPath = find(grid, /data-success-callback-url="([^"]+)"/, 'the success callback');
  const successCallback = new URL(callbackPath, demo.storeUrl).href;
  const query = new URLSearchParams({
    oauth_consumer_key: consumerKey,
    success_call_back: successCallback,
  });
  return { consumerKey, successCallback, popupUrl: `${identity_link_url}?${query.toString()}` };
}

async function signedProduct({ app: { deps } }: Demo, consumerKey: string): Promise<string> {
  const sku = '24-MB01';
  const credential = await deps.credentials.find(consumerKey);
  if (!credential) throw new Error('expected a stored credential');
  const { consumerSecret, accessToken, accessTokenSecret } = deps.credentials.open(credential);
  const url = `${credential.storeBaseUrl}rest/V1/products/${sku}`;
  const reply = await signedCall(
    deps,
    { method: 'GET', url },
    { consumerKey, consumerSecret, token: accessToken, tokenSecret: accessTokenSecret },
  );
  if (reply.status !== 200) throw new Error(`expected ${url} to answer 200, not ${reply.status}`);
  return sku;
}

async function seeInConsole({ app, storeUrl }: Demo): Promise<void> {
  const operator = browser();
  const form = await operator.open(`${app.url}/console`);
  const signedIn = await operator.submit(form, {
    username: demoOperator.name,
    password: demoOperator.password,
  });
  expect(signedIn.status === 303, 'the operator signed in', signedIn);
  const list = await operator.open(signedIn.location, signedIn.url);
  expect(
    list.status === 200 && list.text.includes(new URL(storeUrl).host),
    'the store listed',
    list,
  );
}

function find(page: Page, pattern: RegExp, what: string): string {
  const [, found] = pattern.exec(page.text) ?? [];
  if (found === undefined) throw unexpected(what, page);
  return found.replaceAll('&amp;', '&');
}

function expect(isSo: boolean, what: string, page: Page): void {
  if (!isSo) throw unexpected(what, page);
}

function unexpected(what: string, page: Page): Error {
  const [, heading] = /<h1[^>]*>(.*?)<\/h1>/s.exec(page.text) ?? [];
  const seen = heading?.replace(/<[^>]+>/g, '').trim() ?? page.text.slice(0, 200);
  return new Error(
    `expected ${what}, but ${new URL(page.url).pathname} answered ${page.status}: ${seen}`,
  );
}
