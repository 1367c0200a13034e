import { describe, expect, it } from '@jest/globals';
import { randomNonce } from '../../src/magento/nonce.js';
import { supportCode } from '../../src/timeline/support-code.js';
import type { Happening } from '../../src/timeline/timeline-event.js';
import { readable } from '../support/failure-page.js';
import { fakeClock } from '../support/fake-clock.js';
import { connect as activateAndSignIn } from '../support/popup.js';
import { merchant, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { connect, operatorsBrowser, pageOf } from './operators.js';

const account = merchant.username;
const other = otherMerchant.username;
const opened: Happening = {
  ...{ kind: 'popup_opened', returnHost: 'admin.example' },
  stores: ['shop.example', 'outlet.example'],
};
const refused: Happening = { kind: 'failed', code: 'account_not_allowed', account: other };

/** An app with an operator's browser, whose clock moves on between two events. */
async function newConsole() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now, publicUrl: 'http://connect.example' });
  const note = (consumerKey: string, ...events: Happening[]) => {
    for (const event of events) {
      clock.advance(60);
      app.deps.timeline.note(consumerKey, event);
    }
  };
  return { app, clock, note, browser: await operatorsBrowser(app) };
}

/** The rows of a list: the host that links, and its address. */
function rowsOn(page: string): [string, string][] {
  return [...page.matchAll(/<a class="host" href="([^"]*)"[^>]*>([^<]*)</g)].map(
    ([, href = '', host = '']) => [host, href],
  );
}

/** Two keys with one support code, found by trying. */
function twins(): [string, string] {
  const byCode = new Map<string, string>();
  for (let number = 0; ; number += 1) {
    const consumerKey = number.toString(36).padStart(32, '0');
    const code = supportCode(consumerKey);
    const twin = byCode.get(code);
    if (twin !== undefined) return [twin, consumerKey];
    byCode.set(code, consumerKey);
  }
}

function attemptOf(consumerKey: string): string {
  return `/console/attempts/${supportCode(consumerKey)}`;
}

describe('GET /console/attempts', () => {
  it('teaches what it is for while there is none', async () => {
    const { browser } = await newConsole();

    const { status, text } = await browser.get('/console/attempts');

    expect(status).toBe(200);
    expect(text).toContain('Nobody has tried to connect a store of late');
    expect(text).toContain('>http://connect.example/endpoint<');
    expect(text).toContain('<a href="/console/attempts" aria-current="page">Attempts</a>');
  });

  it('lists the attempts, newest first: store, code, how it stands, account, when', async () => {
    const { browser, note, clock } = await newConsole();
    const [early, late, unknown] = [randomNonce(), randomNonce(), randomNonce()];
    note(early, opened, { kind: 'failed', code: 'wrong_password', returnHost: 'admin.example' });
    note(late, opened, { kind: 'signed_in', account });
    note(late, { kind: 'failed', code: 'store_tls_untrusted', account });
    note(unknown, { kind: 'failed', code: 'activation_unknown', returnHost: 'admin.example' });
    clock.advance(120);

    const { text } = await browser.get('/console/attempts');

    expect(rowsOn(text)).toEqual([
      ['admin.example', attemptOf(unknown)],
      ['shop.example, outlet.example', attemptOf(late)],
      ['shop.example, outlet.example', attemptOf(early)],
    ]);
    const [first, second, third] = readable(text).split('<tr>').slice(-3);
    expect(first).toContain('We have not received this activation from your store.');
    expect(first).toContain('>2 minutes ago</time>');
    expect(second).toMatch(/class="state bad">The store's TLS certificate is not trusted/);
    expect(second).toContain(`<td>${account}</td>`);
    expect(third).toContain('class="state caution">The username or the password is not right.');
    expect(third).toContain(`<small>${supportCode(early)}</small>`);
    expect(third).not.toContain(account);
  });

  it('leads to the attempt whose code is typed, and says when it is none', async () => {
    const { browser } = await newConsole();

    const code = await browser.get('/console/attempts').query({ code: ' act 7f3k q9' });
    const none = await browser.get('/console/attempts').query({ code: '<b>shop</b>' });

    expect(code.headers['location']).toBe('/console/attempts/ACT-7F3KQ9');
    expect(none.status).toBe(200);
    expect(none.text).toContain('&lt;b&gt;shop&lt;/b&gt;” is not a support code');
    expect(none.text).not.toContain('<b>shop');
  });

  it('tells an attempt apart whose store was connected since, with nobody looking on', async () => {
    const { app, browser, note, clock } = await newConsole();
    const consumerKey = randomNonce();
    note(consumerKey, opened, { kind: 'failed', code: 'grant_lost', account });
    clock.advance(60);
    await connect(app, { consumerKey, connectedAt: clock.now() });

    const { text } = await browser.get('/console/attempts');

    expect(readable(text)).toContain(`class="state good">${account} connected shop.example.`);
  });
});

describe('GET /console/attempts/:code', () => {
  it('tells the facts and what happened, newest first, and what to do by whom', async () => {
    const { browser, note, clock } = await newConsole();
    const consumerKey = randomNonce();
    note(consumerKey, opened, { kind: 'code_asked', account }, { kind: 'signed_in', account });
    note(consumerKey, { kind: 'question_asked', account });
    note(consumerKey, { kind: 'failed', code: 'store_blocks_us', account });
    clock.advance(60);

    const { status, text } = await browser.get(attemptOf(consumerKey));

    expect(status).toBe(200);
    const [facts = '', timeline = ''] = readable(text).split('What happened');
    expect(text).toContain(`<h1>${supportCode(consumerKey)}</h1>`);
    expect(facts).toContain('shop.example, outlet.example');
    expect(facts).toContain('<dd>Not connected</dd>');
    expect(facts).toContain(`<dd>${account}</dd>`);
    expect(facts).toContain('<code>admin.example</code>');
    expect(facts).toContain("<dd>Whoever runs the store's server</dd>");
    expect(facts).toContain(consumerKey);
    const told = [...timeline.matchAll(/<span class="state (\w+)">(.*?)\n<small>/g)];
    const sentences = told.map(([, meaning, sentence]) => `${meaning ?? ''}: ${sentence ?? ''}`);
    const beginnings = ['bad: Something in front of the store', `caution: ${account} was asked`];
    beginnings.push(`unknown: ${account} signed in`, `caution: ${account} gave the right password`);
    beginnings.push('unknown: The popup was opened from admin.example');
    expect(sentences).toHaveLength(beginnings.length);
    for (const [place, beginning] of beginnings.entries()) {
      expect(sentences[place]?.slice(0, beginning.length)).toBe(beginning);
    }
    expect(timeline).toContain('<code>store_blocks_us</code>');
    expect(timeline).toContain('(2026-11-23 12:05:00 UTC)');
  });

  it('leads to the store, if it is connected, and the store leads back', async () => {
    const { app, browser, note } = await newConsole();
    const { consumerKey } = await connect(app);
    note(consumerKey, { kind: 'returned', account, returnHost: 'shop.example' });

    const attempt = await browser.get(attemptOf(consumerKey));
    const store = await browser.get(pageOf({ consumerKey }));

    expect(attempt.text).toContain(`href="${pageOf({ consumerKey })}"`);
    expect(attempt.text).not.toContain('What to do');
    expect(store.text).toContain(`href="${attemptOf(consumerKey)}">What happened<`);
  });

  it('shows both of two integrations that share the code', async () => {
    const { browser, note } = await newConsole();
    const [one, twin] = twins();
    note(one, opened);
    note(twin, { ...opened, stores: ['twin.example'] });

    const { text } = await browser.get(attemptOf(one));

    expect(text).toContain('2 integrations have this code');
    expect(text.match(/<h2 class="host">([^<]*)/g)?.map((hit) => hit.slice(17))).toEqual([
      'twin.example',
      'shop.example, outlet.example',
    ]);
  });

  it('takes a code as people type it', async () => {
    const { browser } = await newConsole();

    const { status, headers } = await browser.get('/console/attempts/act7f3kq9');

    expect(status).toBe(303);
    expect(headers['location']).toBe('/console/attempts/ACT-7F3KQ9');
  });

  it('leads to a connected store of whose attempt nothing is known any more', async () => {
    const { app, browser } = await newConsole();
    const { consumerKey } = await connect(app);

    const { status, headers } = await browser.get(attemptOf(consumerKey));
    const store = await browser.get(pageOf({ consumerKey }));

    expect([status, headers['location']]).toEqual([303, pageOf({ consumerKey })]);
    expect(store.text).not.toContain('What happened');
  });

  for (const code of ['ACT-222222', 'nonsense', '%3Ci%3E', 'ACT-7F3KQ9%00']) {
    it(`says that there is none: ${code}`, async () => {
      const { browser } = await newConsole();

      const { status, text } = await browser.get(`/console/attempts/${code}`);

      expect(status).toBe(404);
      expect(text).toContain('No attempt has this support code');
      expect(text).toContain('<a href="/console/attempts">All attempts</a>');
      expect(text).not.toContain('<i>');
    });
  }

  it('is for operators alone', async () => {
    const { app, note } = await newConsole();
    const consumerKey = randomNonce();
    note(consumerKey, opened);

    for (const page of ['/console/attempts', attemptOf(consumerKey)]) {
      const { status, headers } = await app.visitor().get(page);

      expect([status, headers['location']]).toEqual([303, '/console/sign-in']);
    }
  });
});

describe('the search of the list of stores', () => {
  it('finds a store by its support code, however it is typed', async () => {
    const { app, browser } = await newConsole();
    const { consumerKey } = await connect(app);
    await connect(app, { storeBaseUrl: 'https://zebu.example/' });
    const code = supportCode(consumerKey);

    for (const q of [code, code.toLowerCase(), code.slice(4), code.replace('-', ' ')]) {
      const { text } = await browser.get('/console').query({ q });

      expect([q, rowsOn(text)]).toEqual([q, [['shop.example', pageOf({ consumerKey })]]]);
    }
    const part = await browser.get('/console').query({ q: code.slice(0, 8) });
    expect(rowsOn(part.text)).toEqual([]);
  });

  it('leads to the attempt that has the code, connected or not', async () => {
    const { app, browser, note } = await newConsole();
    const consumerKey = randomNonce();
    note(consumerKey, opened);
    const q = supportCode(consumerKey).toLowerCase();

    const nothingYet = await browser.get('/console').query({ q });
    await connect(app);
    const noHit = await browser.get('/console').query({ q });
    const others = await browser.get('/console').query({ q: 'shop' });

    for (const { text } of [nothingYet, noHit]) {
      expect(text).toContain(`${supportCode(consumerKey)} is the support code of an attempt.`);
      expect(text).toContain(`href="${attemptOf(consumerKey)}"`);
    }
    expect(others.text).not.toContain('of an attempt');
  });
});

describe('an account that signed in for a store of another', () => {
  it("is shown on the list, on the store's page with what to do, and among the attempts", async () => {
    const app = await startApp();
    const store = await startStore();
    const { integration } = await activateAndSignIn(app, store);
    const { response } = await activateAndSignIn(app, store, integration, otherMerchant);
    const browser = await operatorsBrowser(app);

    const [list, page, attempts] = await Promise.all(
      ['/console', pageOf(integration), '/console/attempts'].map((path) => browser.get(path)),
    );

    expect(response.status).toBe(409);
    expect(list?.text.match(/>Account refused</g)).toHaveLength(1);
    expect(attempts?.text.match(/>Account refused</g)).toHaveLength(1);
    expect(page?.text).toContain('<span class="badge caution">Account refused</span>');
    expect(page?.text).toContain(
      `${other} signed in to connect this store, and was refused: it is linked to ${account}.`,
    );
    expect(page?.text).toContain('create a new integration in Magento');
  });

  it('is shown for a week, and no longer than until the store is connected anew', async () => {
    const { app, note, clock } = await newConsole();
    const { consumerKey } = await connect(app);
    note(consumerKey, refused);
    const isShown = async () => {
      // A week later nobody is signed in any more.
      const browser = await operatorsBrowser(app);
      const pages = ['/console', pageOf({ consumerKey })].map((path) => browser.get(path));
      return (await Promise.all(pages)).map(({ text }) => text.includes('Account refused'));
    };

    expect(await isShown()).toEqual([true, true]);
    clock.advance(7 * 24 * 3600 + 1);
    expect(await isShown()).toEqual([false, false]);
    note(consumerKey, refused);
    expect(await isShown()).toEqual([true, true]);
    clock.advance(60);
    await connect(app, { consumerKey, connectedAt: clock.now() });
    expect(await isShown()).toEqual([false, false]);
  });
});
