import { randomNonce } from '../../src/magento/nonce.js';

/** The four fields as Magento posts them, for an integration nobody has seen before. */
export function activationForm(changes: Record<string, string> = {}): Record<string, string> {
  return {
    oauth_consumer_key: randomNonce(),
    oauth_consumer_secret: randomNonce(),
    store_base_url: 'https://shop.example/',
    oauth_verifier: randomNonce(),
    ...changes,
  };
}

/** What Magento appends to the identity link. */
export function identityQuery(consumerKey: string, successCallback: string): string {
  return new URLSearchParams({
    oauth_consumer_key: consumerKey,
    success_call_back: successCallback,
  }).toString();
}

/** The hidden fields of the form on a page. */
export function hiddenFields(page: string): Record<string, string> {
  return Object.fromEntries(
    [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );
}
