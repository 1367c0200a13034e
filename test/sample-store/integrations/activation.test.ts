import { describe, expect, it } from '@jest/globals';
import { startStore } from '../../support/start-store.js';
import { activatedStore } from '../activated-store.js';
import { sendSigned, startCallback } from '../third-party.js';

const identityUrl = 'http://third.example/login';

describe('the activation POST', () => {
  it('is four form fields in order, from the HTTP client of Magento 2.4.8', async () => {
    const { store, callback, integration } = await activatedStore();

    const { consumerKey, consumerSecret, tokens } = integration();
    expect(callback.posts).toHaveLength(1);
    expect(callback.posts[0]).toMatchObject({
      method: 'POST',
      headers: {
        'user-agent': 'Laminas\\Http\\Client',
        'content-type': 'application/x-www-form-urlencoded',
        'accept-encoding': 'gzip, deflate',
        connection: 'close',
      },
      body: [
        `oauth_consumer_key=${consumerKey}`,
        `oauth_consumer_secret=${consumerSecret}`,
        `store_base_url=${encodeURIComponent(store.url)}`,
        `oauth_verifier=${tokens[0]?.verifier ?? ''}`,
      ].join('&'),
    });
    expect([consumerKey, consumerSecret, tokens[0]?.verifier].join()).toMatch(
      /^[0-9a-z]{32},[0-9a-z]{32},[0-9a-z]{32}$/,
    );
  });

  it('announces the base URL it was told to', async () => {
    const { callback } = await activatedStore({ baseUrl: (url) => `${url}index.php/` });

    const body = new URLSearchParams(callback.posts[0]?.body);

    expect(body.get('store_base_url')).toMatch(/^http:\/\/localhost:\d+\/index\.php\/$/);
  });

  it('keeps the path and query of the Callback URL', async () => {
    const callback = await startCallback();
    const store = await startStore();
    const endpointUrl = `${callback.url}/tenant?c=ABC%20D`;
    const { id } = store.addIntegration({ name: 'Demo', endpointUrl, identityUrl });

    await store.activate(id);

    expect(callback.posts[0]?.target).toBe('/endpoint/tenant?c=ABC%20D');
  });

  for (const status of [200, 204, 401, 404, 500]) {
    it(`is delivered whatever the answer, here ${status}`, async () => {
      const callback = await startCallback((res) => res.writeHead(status).end());

      expect(await activation(callback.url)).toMatchObject({ delivered: true });
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`is delivered by a ${status}, and goes no further`, async () => {
      const elsewhere = await startCallback();
      const callback = await startCallback((res) =>
        res.writeHead(status, { Location: elsewhere.url }).end(),
      );

      expect(await activation(callback.url)).toMatchObject({ delivered: true });
      expect(elsewhere.posts).toEqual([]);
    });
  }

  for (const [what, url] of [
    ['refuses connections', 'http://127.0.0.1:1/'],
    ['is no URL', 'endpoint'],
  ] as const) {
    it(`fails where the Callback URL ${what}`, async () => {
      expect(await activation(url)).toMatchObject({ delivered: false });
    });
  }

  it('fails when the connection closes without an answer', async () => {
    const callback = await startCallback((res) => res.destroy());

    expect(await activation(callback.url)).toMatchObject({ delivered: false });
  });

  for (const [what, answer] of [
    ['nothing', undefined],
    ['a head without an end', 'begun'],
  ] as const) {
    it(`fails when ${what} has come in time`, async () => {
      const callback = await startCallback((res) => answer && res.writeHead(200).write(answer));

      expect(await activation(callback.url)).toMatchObject({ delivered: false });
    });
  }

  it('leaves when all is committed, so that the token call can come while it runs', async () => {
    const calls: Promise<{ status: number }>[] = [];
    const store = await startStore();
    const callback = await startCallback((res, { body }) => {
      const fields = new URLSearchParams(body);
      const call = sendSigned(
        { storeUrl: store.url, target: '/oauth/token/request' },
        {
          consumerKey: fields.get('oauth_consumer_key') ?? '',
          consumerSecret: fields.get('oauth_consumer_secret') ?? '',
        },
        new Date(),
      ).finally(() => res.end());
      calls.push(call);
    });
    const { id } = store.addIntegration({ name: 'Demo', endpointUrl: callback.url, identityUrl });

    const result = await store.activate(id);

    expect(await Promise.all(calls)).toMatchObject([{ status: 200 }]);
    expect(result.delivered).toBe(true);
  });

  it('is for integrations that exist', async () => {
    const store = await startStore();

    await expect(store.activate(7)).rejects.toThrow('There is no integration with ID 7.');
  });
});

describe('the popup of an activation', () => {
  it('has the identity link, blindly followed by key and callback', async () => {
    const callback = await startCallback();
    const store = await startStore();
    const { id, consumerKey } = store.addIntegration({
      name: 'Demo',
      endpointUrl: callback.url,
      identityUrl: `${identityUrl}?tenant=a`,
    });

    const { successCallbackUrl, popupUrl } = await store.activate(id);

    expect(successCallbackUrl).toMatch(
      /^http:\/\/localhost:\d+\/admin\/admin\/integration\/loginSuccessCallback\/key\/[0-9a-f]{64}\/$/,
    );
    expect(popupUrl).toBe(
      `${identityUrl}?tenant=a?oauth_consumer_key=${consumerKey}` +
        `&success_call_back=${encodeURIComponent(successCallbackUrl)}`,
    );
  });
});

async function activation(endpointUrl: string) {
  const store = await startStore({ postTimeoutMs: 200 });
  const { id } = store.addIntegration({ name: 'Demo', endpointUrl, identityUrl });
  return store.activate(id);
}
