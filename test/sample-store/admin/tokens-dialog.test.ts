import { describe, expect, it } from '@jest/globals';
import type { SampleStore } from '../../../src/sample-store/sample-store.js';
import { startStore } from '../../support/start-store.js';
import { type Credentials, problemIn, sendSigned, startCallback } from '../third-party.js';
import { adminOf } from './admin-of.js';

/** An integration without an identity link in a running store, and the values of a dialog or a form. */
async function selfIssued() {
  const callback = await startCallback();
  const store = await startStore();
  const fields = { name: 'Demo', endpointUrl: callback.url, identityUrl: '' };
  const { id } = store.addIntegration(fields);
  const admin = adminOf(store);
  const call = (target: string, signer: Credentials, method = 'GET') =>
    sendSigned({ storeUrl: store.url, target, method }, signer, new Date());
  return { ...admin, callback, store, id, call };
}

const labels = ['Consumer Key', 'Consumer Secret', 'Access Token', 'Access Token Secret'];

/** The read-only fields of a page, by their labels. */
function shownIn(html: string): Readonly<Record<string, string>> {
  const fields = html.matchAll(
    /<label[^>]* for="([^"]+)">([^<]+)<\/label>\s*<input[^>]* id="\1"[^>]* value="([^"]*)"[^>]* readonly/g,
  );
  return Object.fromEntries([...fields].map(([, , label = '', value = '']) => [label, value]));
}

function credentialsIn(html: string): Credentials {
  const [consumerKey = '', consumerSecret = '', token = '', tokenSecret = ''] = labels.map(
    (label) => shownIn(html)[label] ?? '',
  );
  return { consumerKey, consumerSecret, token, tokenSecret };
}

function statusOf(store: SampleStore) {
  return store.integrations()[0]?.status;
}

describe('tokensDialog', () => {
  it('activates without a word to the third party, and shows four values that work', async () => {
    const { callback, store, id, call, tokens, grid } = await selfIssued();

    const { text } = await tokens(id);
    const reply = await call('/rest/V1/store/storeConfigs', credentialsIn(text));

    expect(text).toMatch('Integration Tokens for Extensions');
    expect(Object.keys(shownIn(text))).toEqual(labels);
    expect(reply.status).toBe(200);
    expect(statusOf(store)).toBe('active');
    expect(callback.posts).toEqual([]);
    const page = await grid();
    expect(page.text).toMatch('The integration &#39;Demo&#39; has been activated.');
    expect(page.text).toMatch(/data-token-exchange="0"/);
  });

  it('leaves the consumer expired for the token endpoints', async () => {
    const { id, call, tokens } = await selfIssued();
    const { consumerKey, consumerSecret } = credentialsIn((await tokens(id)).text);

    const reply = await call('/oauth/token/request', { consumerKey, consumerSecret }, 'POST');

    expect([reply.status, problemIn(reply)]).toEqual([401, 'Consumer key has expired']);
  });

  it('gives another token when it reauthorizes, and the old one is dead', async () => {
    const { id, call, tokens, grid } = await selfIssued();
    const before = credentialsIn((await tokens(id)).text);
    const after = credentialsIn((await tokens(id, 1)).text);

    const replies = await Promise.all(
      [before, after].map((signer) => call('/rest/V1/store/storeConfigs', signer)),
    );

    expect(after.consumerKey).toBe(before.consumerKey);
    expect(replies.map(({ status }) => status)).toEqual([401, 200]);
    expect((await grid()).text).toMatch('has been re-authorized.');
  });

  it('is followed by a handshake once both URLs are there', async () => {
    const { store, callback, id, agent, tokens, grid, page, exchange, call } = await selfIssued();
    const { consumerKey, consumerSecret } = credentialsIn((await tokens(id)).text);
    const { formKey, saveUrl } = await page((await grid()).editUrl);
    const both = { endpoint: callback.url, identity_link_url: 'https://third.example/login' };
    await agent
      .post(saveUrl)
      .type('form')
      .send({ form_key: formKey, name: 'Demo', ...both });

    await exchange(id, 1);
    const reply = await call('/oauth/token/request', { consumerKey, consumerSecret }, 'POST');

    expect(callback.posts).toHaveLength(1);
    expect(reply.status).toBe(200);
    expect(statusOf(store)).toBe('inactive');
  });
});

describe('the edit page', () => {
  it('has the Integration Details of an active integration, to read', async () => {
    const { id, tokens, grid, page } = await selfIssued();
    const issued = shownIn((await tokens(id)).text);

    const { text } = await page((await grid()).editUrl);

    expect(text).toMatch('Integration Details');
    expect(shownIn(text)).toEqual(issued);
  });

  it('has none of them before', async () => {
    const { store, grid, page } = await selfIssued();

    const { text } = await page((await grid()).editUrl);

    expect(text).not.toMatch('Integration Details');
    expect(text).not.toMatch(store.integrations()[0]?.consumerSecret ?? '');
  });
});
