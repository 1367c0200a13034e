import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { startApp } from '../support/start-app.js';
import {
  connect,
  connectWithLostKey,
  noteCheck,
  operatorsBrowser,
  pageOf,
  secretsOf,
} from './operators.js';

const now = new Date('2026-11-23T12:00:00Z');

describe('GET /console', () => {
  it('teaches how to connect a first store', async () => {
    const app = await startApp({ publicUrl: 'http://connect.example' });
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get('/console');

    expect(status).toBe(200);
    expect(text).toContain('No store is connected yet');
    expect(text).toContain('>http://connect.example/endpoint<');
    expect(text).toContain('>http://connect.example/login<');
    expect(text).toContain('System &gt; Extensions &gt; Integrations');
  });

  it('lists stores by host, each row a link to its page', async () => {
    const app = await startApp();
    const zebra = await connect(app, { storeBaseUrl: 'https://zebra.example/' });
    const ant = await connect(app, { storeBaseUrl: 'https://ant.example:8443/shop/' });
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get('/console');

    expect(hostsOn(text)).toEqual(['ant.example:8443', 'zebra.example']);
    expect(text).toContain(`href="${pageOf(zebra)}"`);
    expect(text).toContain(`href="${pageOf(ant)}"`);
    expect(text).toContain('2 stores');
  });

  it('tells when a store was connected, and how its last check went, in words', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const { consumerKey } = await connect(app, { connectedAt: new Date('2026-11-20T08:15:00Z') });
    const at = new Date(now.getTime() - 5 * 60_000);
    await noteCheck(app, consumerKey, { at, result: 'refused', detail: 'no' });
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get('/console');

    expect(text).toContain('>3 days ago</time>');
    expect(text).toContain('datetime="2026-11-20T08:15:00.000Z"');
    expect(text).toContain('title="2026-11-20 08:15:00 UTC"');
    expect(text).toContain('<span class="state bad">Refused</span>');
    expect(text).toContain('>5 minutes ago</time>');
  });

  it('says of a store that was never checked that it was not', async () => {
    const app = await startApp();
    await connect(app);
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get('/console');

    expect(text).toContain('Not checked');
  });

  it('holds no secret, nor any part of one', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get('/console');

    for (const secret of secretsOf(granted)) expect(text).not.toContain(secret.slice(-4));
  });

  it('lists a store whose secrets cannot be opened', async () => {
    const app = await startApp();
    await connectWithLostKey(app);
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get('/console');

    expect(status).toBe(200);
    expect(hostsOn(text)).toEqual(['shop.example']);
  });
});

describe('GET /console?q=', () => {
  const finds = {
    'a part of the host': () => 'ZEBU.ex',
    'a part of the account': () => 'other@',
    'the whole consumer key': (key: string) => key,
    'a host with spaces around it': () => '  zebu ',
  };
  for (const [name, queryFor] of Object.entries(finds)) {
    it(`finds by ${name}`, async () => {
      const app = await startApp();
      await connect(app);
      const account = 'other@merchzebu.example';
      const zebu = await connect(app, { storeBaseUrl: 'https://zebu.example/', account });
      const browser = await operatorsBrowser(app);

      const { text } = await browser.get('/console').query({ q: queryFor(zebu.consumerKey) });

      expect(hostsOn(text)).toEqual(['zebu.example']);
      expect(text).toContain('1 of 2 stores');
    });
  }

  it('does not find by a part of the consumer key', async () => {
    const app = await startApp();
    const { consumerKey } = await connect(app);
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get('/console').query({ q: consumerKey.slice(0, 31) });

    expect(hostsOn(text)).toEqual([]);
  });

  it('says when nothing matches, unlike when nothing is connected', async () => {
    const app = await startApp();
    await connect(app);
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get('/console').query({ q: '<b>"none"</b>' });

    expect(status).toBe(200);
    expect(text).toContain('No store matches');
    expect(text).not.toContain('No store is connected yet');
    expect(text).toContain('value="&lt;b&gt;&#34;none&#34;&lt;/b&gt;"');
    expect(text).not.toContain('<b>"');
  });

  for (const query of ['q=a&q=b', 'page=-1', 'page=x', 'page=2&page=3', `q=${'x'.repeat(300)}`]) {
    it(`shows a list for an address that was tampered with: ${query.slice(0, 20)}`, async () => {
      const app = await startApp();
      await connect(app);
      const browser = await operatorsBrowser(app);

      const { status, text } = await browser.get(`/console?${query}`);

      expect(status).toBe(200);
      expect(hostsOn(text)).toEqual(['shop.example']);
    });
  }
});

describe('a list of more than a hundred', () => {
  it('goes over several pages that keep the search', async () => {
    const app = await startApp();
    for (let place = 0; place < 101; place += 1) {
      const host = `s${String(place).padStart(3, '0')}.example`;
      await connect(app, { storeBaseUrl: `https://${host}/` });
    }
    const browser = await operatorsBrowser(app);

    const first = await browser.get('/console').query({ q: 'example' });
    const second = await browser.get('/console').query({ q: 'example', page: 2 });
    const beyond = await browser.get('/console').query({ q: 'example', page: 9 });

    expect(hostsOn(first.text)).toHaveLength(100);
    expect(first.text).toContain('href="/console?q=example&amp;page=2"');
    expect(first.text).not.toContain('>Previous<');
    expect(hostsOn(second.text)).toEqual(['s100.example']);
    expect(second.text).toContain('101 to 101 of 101');
    expect(second.text).toContain('href="/console?q=example&amp;page=1"');
    expect(second.text).not.toContain('>Next<');
    expect(hostsOn(beyond.text)).toEqual(['s100.example']);
  });
});

function hostsOn(page: string): (string | undefined)[] {
  return [...page.matchAll(/<a class="host"[^>]*>([^<]*)</g)].map(([, host]) => host);
}
