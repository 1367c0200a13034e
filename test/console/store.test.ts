import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { supportCode } from '../../src/timeline/support-code.js';
import { fakeClock } from '../support/fake-clock.js';
import { startApp } from '../support/start-app.js';
import {
  connect,
  connectWithLostKey,
  noteCheck,
  operatorsBrowser,
  pageOf,
  secretsOf,
  send,
} from './operators.js';

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) server.close();
});

describe('GET /console/stores/:consumerKey', () => {
  it('shows the facts, and the secrets as dots with their last four characters', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const granted = await connect(app, { storeBaseUrl: 'https://shop.example/de/' });
    const browser = await operatorsBrowser(app);

    const { status, text, headers } = await browser.get(pageOf(granted));

    expect(status).toBe(200);
    expect(text).toContain('https://shop.example/de/');
    expect(text).toContain('mia@merchant.example');
    expect(text).toContain('datetime="2026-11-20T08:15:00.000Z"');
    expect(text).toContain(supportCode(granted.consumerKey));
    expect(text).toContain(`<code>${granted.consumerKey}</code>`);
    for (const secret of secretsOf(granted)) {
      expect(text).toContain(`<code>••••••••${secret.slice(-4)}</code>`);
      expect(text).not.toContain(secret.slice(-5));
    }
    expect(headers['cache-control']).toBe('no-store');
  });

  it('shows nothing at all of a secret too short to lose four characters', async () => {
    const app = await startApp();
    const granted = await connect(app, { consumerSecret: 'abcdefgh1234' });
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get(pageOf(granted));

    expect(text).toContain('<code>••••••••</code>');
    expect(text).not.toContain('1234<');
  });

  it('says of an unknown key that no such store is connected, with a way back', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get(pageOf({ consumerKey: 'x'.repeat(32) }));

    expect(status).toBe(404);
    expect(text).toContain('This store is not connected');
    expect(text).toContain('<a href="/console">Back');
  });

  it('shows the facts of a store whose secrets cannot be opened, and says why they are missing', async () => {
    const app = await startApp();
    const granted = await connectWithLostKey(app);
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get(pageOf(granted));

    expect(status).toBe(200);
    expect(text).toContain('cannot be opened with the keys this app was given');
    expect(text).toContain('mia@merchant.example');
    expect(text).toContain(granted.consumerKey);
    expect(text).not.toMatch(/••••|action="[^"]*\/(reveal|check)"/);
    expect(text).toContain(`href="${pageOf(granted)}/disconnect"`);
  });

  it('escapes what a store wrote', async () => {
    const app = await startApp();
    const granted = await connect(app, { account: '<img src=x>' });
    const detail = '"><script>alert(1)</script>';
    await noteCheck(app, granted.consumerKey, { at: new Date(), result: 'refused', detail });
    const browser = await operatorsBrowser(app);

    const page = await browser.get(pageOf(granted));
    const list = await browser.get('/console');
    const disconnect = await browser.get(`${pageOf(granted)}/disconnect`);

    expect(page.text).toContain('&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    for (const { text } of [page, list, disconnect]) {
      expect(text).toContain('&lt;img src=x&gt;');
      expect(text).not.toMatch(/<script|<img/);
    }
  });

  it('has the policy that lets no script run and nobody frame it', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);

    const { text, headers } = await browser.get(pageOf(granted));

    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/);
  });
});

describe('POST /console/stores/:consumerKey/check', () => {
  it('makes one signed call, notes what it showed and returns to the page', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const store = await storeThatAnswers(200, '[{"id":1}]');
    const granted = await connect(app, { storeBaseUrl: store.url });
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));

    const response = await send(browser, `${pageOf(granted)}/check`, page.text);

    const after = await browser.get(pageOf(granted));
    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(pageOf(granted));
    expect(store.heard).toHaveLength(1);
    expect(store.heard[0]).toContain(`oauth_token="${granted.accessToken}"`);
    expect(after.text).toContain('<span class="state good">Connected</span>');
    expect(after.text).toContain('just now');
    expect(app.logged()).toContain(
      `"event":"store_checked","account":"olga","activation":"${supportCode(granted.consumerKey)}","result":"connected"`,
    );
  });

  const outcomes = [
    [
      401,
      '{"message":"The consumer isn\'t authorized to access %resources.","parameters":{"resources":"Magento_Backend::store"}}',
      'Limited',
      'Magento_Backend::store',
    ],
    [
      401,
      '{"message":"Access token has been revoked"}',
      'Refused',
      'Access token has been revoked',
    ],
    [503, 'maintenance', 'Unreachable', '503'],
    [200, '<html>', 'Unreachable', 'answered 200'],
  ] as const;
  for (const [status, body, word, detail] of outcomes) {
    it(`shows "${word}" when the store answers ${status} ${body.slice(0, 40)}`, async () => {
      const app = await startApp();
      const store = await storeThatAnswers(status, body);
      const granted = await connect(app, { storeBaseUrl: store.url });
      const browser = await operatorsBrowser(app);
      const page = await browser.get(pageOf(granted));

      const response = await send(browser, `${pageOf(granted)}/check`, page.text);

      const after = await browser.get(pageOf(granted));
      expect(response.status).toBe(303);
      expect(after.text).toContain(`>${word}</span>`);
      expect(after.text).toContain(detail);
    });
  }

  it('shows that nothing listens there', async () => {
    const app = await startApp();
    const granted = await connect(app, { storeBaseUrl: 'http://localhost:1/' });
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));

    const response = await send(browser, `${pageOf(granted)}/check`, page.text);

    const after = await browser.get(pageOf(granted));
    expect(response.status).toBe(303);
    expect(after.text).toContain('<span class="state bad">Unreachable</span>');
    expect(after.text).toContain('GET http://localhost:1 failed');
  });

  it('answers 404 for an unknown key', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const list = await browser.get('/console');

    const response = await send(browser, '/console/stores/nobody/check', list.text);

    expect(response.status).toBe(404);
  });

  it('says so when the secrets cannot be opened', async () => {
    const app = await startApp();
    const granted = await connectWithLostKey(app);
    const browser = await operatorsBrowser(app);
    const list = await browser.get('/console');

    const response = await send(browser, `${pageOf(granted)}/check`, list.text);

    expect(response.status).toBe(500);
    expect(response.text).toContain('ENCRYPTION_KEYS may lack a key');
  });
});

describe('GET of an address that only takes a form', () => {
  for (const action of ['check', 'reveal', 'dismiss']) {
    it(`leads from …/${action} to the store's page`, async () => {
      const app = await startApp();
      const granted = await connect(app);
      const browser = await operatorsBrowser(app);

      const response = await browser.get(`${pageOf(granted)}/${action}`);

      expect(response.status).toBe(303);
      expect(response.headers['location']).toBe(pageOf(granted));
    });
  }
});

/** A store that gives every request the same answer; `heard` holds their Authorization headers. */
async function storeThatAnswers(status: number, body: string) {
  const heard: string[] = [];
  const server = createServer((req, res) => {
    heard.push(req.headers.authorization ?? '');
    res.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, heard };
}
