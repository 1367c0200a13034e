import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readable } from '../support/failure-page.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { startCanary } from '../support/canary.js';
import { openPopup, sendForm } from '../support/popup.js';
import { startApp } from '../support/start-app.js';

const servers: ReturnType<typeof createServer>[] = [];

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const asked: string[] = [];
const app = await startApp({
  lookUp(hostname) {
    asked.push(hostname);
    return Promise.resolve([]);
  },
});
const canary = await startCanary();

/** A store that answers every call like this. */
async function startHostileStore(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Announces a store and opens the popup, as Magento and its script do. */
async function popupFor(storeBaseUrl: string, origin = new URL(storeBaseUrl).origin) {
  const form = activationForm({ store_base_url: storeBaseUrl });
  const visitor = app.visitor();
  const announced = await visitor.post('/endpoint').type('form').send(form);
  const callback = `${origin}/admin/admin/integration/loginSuccessCallback/`;
  const query = identityQuery(form['oauth_consumer_key'] ?? '', callback);
  const { page, fields } = await openPopup(visitor, `${app.url}/login?${query}`);
  return { announced, page, send: () => sendForm(visitor, fields) };
}

async function signInAt(storeBaseUrl: string) {
  const { send } = await popupFor(storeBaseUrl);
  return send();
}

describe('an activation that nobody has signed in for', () => {
  it('makes the app look up no name and connect to nothing, however many there are', async () => {
    const stores = Array.from({ length: 50 }, (_, i) => `https://shop-${i}.example/`);
    stores.push(`http://127.0.0.1:${canary.port}/`, `http://localhost:${canary.port}/`);
    asked.length = 0;

    for (const store of stores) {
      const { announced, page } = await popupFor(store);

      expect([announced.status, page.status]).toEqual([200, 200]);
    }

    expect(asked).toEqual([]);
    expect(canary.hits()).toBe(0);
  });

  it('is looked up as soon as somebody has', async () => {
    asked.length = 0;

    const response = await signInAt('https://shop.example/');

    expect(asked).toEqual(['shop.example']);
    expect(response.text).toContain('store_unreachable');
  });
});

describe('a store that redirects', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`with ${status} is not followed; page and log say where to, and nothing of the path`, async () => {
      const target = `http://localhost:${canary.port}`;
      const Location = `${target}/sentinel?a=sentinel#sentinel`;
      const store = await startHostileStore((_req, res) =>
        res.writeHead(status, { Location }).end(),
      );

      const response = await signInAt(store);

      expect(response.status).toBe(502);
      expect(response.text).toContain('store_redirects');
      expect(readable(response.text)).toContain(
        `It leads to ${target}. Correct the store's Base URL`,
      );
      expect(response.text).not.toContain('sentinel');
      expect(app.logged()).toContain(`the store answered ${status} to ${target}`);
      expect(app.logged()).not.toContain('sentinel');
      expect(response.headers).not.toHaveProperty('location');
      expect(canary.hits()).toBe(0);
    });
  }
});

describe('what a store says', () => {
  const script = '<script>alert(1)</script>';
  const answers: Record<string, RequestListener> = {
    'as oauth_problem': (_req, res) =>
      res.writeHead(401).end(`oauth_problem=${encodeURIComponent(script)}`),
    'as oauth_problem with 200': (_req, res) =>
      res.writeHead(200).end(`oauth_problem=${script}&oauth_token=${script}`),
    'as a token': (_req, res) =>
      res.writeHead(200).end(`oauth_token=${script}&oauth_token_secret=x`),
    'as a page': (_req, res) => res.writeHead(200).end(script),
    'as a path to go to': (_req, res) =>
      res.writeHead(302, { Location: `https://other.example/${script}` }).end(),
    'as a host to go to': (_req, res) =>
      res.writeHead(302, { Location: `https://${script}.example/` }).end(),
    'as a script to go to': (_req, res) =>
      res.writeHead(302, { Location: `javascript:alert(1)//${script}` }).end(),
    'as its name and its time': (_req, res) =>
      res.writeHead(401, script, { Date: script, Server: script }).end(script),
  };
  for (const [what, answer] of Object.entries(answers)) {
    it(`${what} is never on the merchant's page`, async () => {
      const response = await signInAt(await startHostileStore(answer));

      expect(response.status).toBe(502);
      expect(response.text).not.toMatch(/alert|javascript:/);
    });
  }
});

describe('a store whose name looks like another', () => {
  it('is shown as it is spelled in DNS', async () => {
    const { page } = await popupFor('https://sh\u043Ep.example/');

    expect(page.text).toContain('xn--shp-ted.example');
    expect(page.text).not.toMatch(/sh\u043Ep|>shop\.example/);
  });
});
