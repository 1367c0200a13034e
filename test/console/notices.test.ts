import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { supportCode } from '../../src/timeline/support-code.js';
import type { Notice } from '../../src/credentials/notice-store.js';
import { activationForm, hiddenFields } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { connect as activateAndSignIn, openPopup, sendForm } from '../support/popup.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { connect, operatorsBrowser, pageOf, send } from './operators.js';

type LastPost = NonNullable<Notice['lastPost']>;

/** A connected store that has just been reauthorized, with the popup that Magento opens for it. */
async function reauthorizedStore(app: TestApp, now = () => new Date()) {
  const store = await startStore({ now });
  const { integration } = await activateAndSignIn(app, store);
  const { popupUrl } = await store.reauthorize(integration.id);
  await noticeFor(app, integration);
  return { integration, store, popupUrl };
}

/** A connected store for which somebody has posted other secrets. */
async function attackedStore(app: TestApp) {
  const store = await startStore();
  const { integration } = await activateAndSignIn(app, store);
  await forge(app, integration);
  await noticeFor(app, integration);
  return { integration, store };
}

/** Posts other secrets for an integration. */
async function forge(app: TestApp, { consumerKey }: { readonly consumerKey: string }) {
  const form = activationForm({
    oauth_consumer_key: consumerKey,
    store_base_url: "https://evil.example/&lt;b&gt;'/",
  });
  await app.visitor().post('/endpoint').type('form').send(form);
}

/** Waits until the POST of this integration has been judged. */
async function noticeFor(app: TestApp, { consumerKey }: { readonly consumerKey: string }) {
  const credential = await app.deps.credentials.find(consumerKey);
  while (!(await app.deps.notices.find(credential!))?.lastPost) await pause(5);
}

/** Notes what a POST turned out to be, as if it had come and been judged. */
async function note(
  app: TestApp,
  { consumerKey }: { readonly consumerKey: string },
  changes: Partial<LastPost> = {},
) {
  const at = new Date('2026-11-23T11:00:00Z');
  const lastPost: LastPost = {
    ...{ verdict: 'suspicious', at, from: '192.0.2.7', storeBaseUrl: 'https://evil.example/' },
    ...changes,
  };
  const credential = await app.deps.credentials.find(consumerKey);
  await app.deps.notices.change(credential!, () => ({ probedAt: lastPost.at, lastPost }));
}

describe('a Reauthorize that nobody has finished', () => {
  it('is told on the list and on the page, with what the merchant has to do', async () => {
    const app = await startApp();
    const { integration, store } = await reauthorizedStore(app);
    await connect(app);
    const browser = await operatorsBrowser(app);

    const list = await browser.get('/console');
    const { text } = await browser.get(pageOf(integration));

    expect(list.text).toContain('2 stores, 1 with a notice');
    expect(list.text.match(/>Reauthorize waiting</g)).toHaveLength(1);
    expect(text).toContain('aria-label="Reauthorize waiting"');
    expect(text).toContain('<span class="badge caution">Reauthorize waiting</span>');
    expect(text).toContain('no longer accepts the stored token');
    expect(text).toContain('the merchant has to sign in in the window that Magento opened');
    expect(text).toContain('Until then the old credential is kept');
    expect(text).toMatch(/<dd><code>(::ffff:)?127\.0\.0\.1<\/code><\/dd>/);
    expect(text).toContain(`<dd><code>${store.url}</code></dd>`);
    expect(text).not.toContain('Dismiss');
  });

  it('is told of the POST with the secret of the store, though a forgery came after it', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const { integration, store } = await reauthorizedStore(app, clock.now);
    clock.advance(61);
    await forge(app, integration);
    while (app.logged().split('"event":"post_superseded"').length < 3) await pause(5);
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get(pageOf(integration));

    expect(text).toContain('Reauthorize waiting');
    expect(text).toContain(`<dd><code>${store.url}</code></dd>`);
    expect(text).toContain('>1 minute ago</time>');
    expect(text).not.toContain('evil.example');
  });

  it('is no news any more once the merchant has signed in', async () => {
    const app = await startApp();
    const { integration, popupUrl } = await reauthorizedStore(app);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);
    const signedIn = await sendForm(visitor, fields);
    const browser = await operatorsBrowser(app);

    const list = await browser.get('/console');
    const page = await browser.get(pageOf(integration));

    expect(signedIn.status).toBe(303);
    expect(list.text).not.toContain('notice');
    expect(list.text).not.toContain('Reauthorize waiting');
    expect(page.text).not.toContain('Reauthorize waiting');
  });

  it('cannot be dismissed', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const at = new Date('2026-11-23T11:00:00Z');
    await note(app, granted, { verdict: 'superseded', at });
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));

    await send(browser, `${pageOf(granted)}/dismiss`, page.text, { at: at.toISOString() });

    const after = await browser.get(pageOf(granted));
    expect(after.text).toContain('Reauthorize waiting');
  });
});

describe('a POST of other secrets for a store that works', () => {
  it('is told on the list and on the page, as text whatever stands in it', async () => {
    const app = await startApp();
    const { integration } = await attackedStore(app);
    const browser = await operatorsBrowser(app);

    const list = await browser.get('/console');
    const { text } = await browser.get(pageOf(integration));

    expect(list.text).toContain('>Suspicious activation<');
    expect(text).toContain('although its token still works');
    expect(text).toContain('Nothing was changed');
    expect(text).toContain('Check with the merchant');
    expect(text).toContain('>just now</time>');
    expect(text).toContain('<code>https://evil.example/&amp;lt;b&amp;gt;&#39;/</code>');
  });

  it('shows markup in an address as text, and links to no address of a stranger', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const from = '<img src=x onerror=alert(1)>"';
    await note(app, granted, { from, storeBaseUrl: `https://evil.example/?'"><script>` });
    const browser = await operatorsBrowser(app);

    const { text } = await browser.get(pageOf(granted));

    expect(text).toContain('<code>&lt;img src=x onerror=alert(1)&gt;&#34;</code>');
    expect(text).toContain('<code>https://evil.example/?&#39;&#34;&gt;&lt;script&gt;</code>');
    expect(text).not.toMatch(/<img|<script|(href|src|action)="https:\/\/evil/);
  });

  it('is put away by an operator, which is logged and changes nothing else', async () => {
    const app = await startApp();
    const { integration } = await attackedStore(app);
    const before = await app.deps.credentials.find(integration.consumerKey);
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(integration));

    const response = await send(browser, `${pageOf(integration)}/dismiss`, page.text);

    const [list, after] = [await browser.get('/console'), await browser.get(pageOf(integration))];
    expect(page.text).toContain('<button type="submit">Dismiss</button>');
    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(pageOf(integration));
    expect(`${list.text}${after.text}`).not.toContain('Suspicious activation');
    expect(await app.deps.credentials.find(integration.consumerKey)).toEqual(before);
    expect(app.logged()).toContain(
      `"event":"notice_dismissed","account":"olga","activation":"${supportCode(integration.consumerKey)}"`,
    );
  });

  it('stays when another has come since the page was shown', async () => {
    const app = await startApp();
    const granted = await connect(app);
    await note(app, granted);
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));
    await note(app, granted, { at: new Date('2026-11-23T11:30:00Z'), from: '192.0.2.8' });

    const response = await send(browser, `${pageOf(granted)}/dismiss`, page.text);

    const after = await browser.get(pageOf(granted));
    expect(response.status).toBe(303);
    expect(after.text).toContain('<code>192.0.2.8</code>');
    expect(app.logged()).not.toContain('notice_dismissed');
  });

  const refused: Readonly<Record<string, [fields: Record<string, string>, status: number]>> = {
    'of another session': [{ _csrf: 'somebody else made this' }, 403],
    'that does not say which': [{ at: 'yesterday' }, 400],
  };
  for (const [what, [changes, status]] of Object.entries(refused)) {
    it(`stays when a form ${what} is sent`, async () => {
      const app = await startApp();
      const granted = await connect(app);
      await note(app, granted);
      const browser = await operatorsBrowser(app);
      const page = await browser.get(pageOf(granted));
      const fields = { ...hiddenFields(page.text), ...changes };

      const response = await browser
        .post(`${pageOf(granted)}/dismiss`)
        .type('form')
        .send(fields);

      const after = await browser.get(pageOf(granted));
      expect(response.status).toBe(status);
      expect(after.text).toContain('Suspicious activation');
    });
  }

  it('is forgotten with the store that is disconnected', async () => {
    const app = await startApp();
    const granted = await connect(app);
    await note(app, granted);
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));
    await send(browser, `${pageOf(granted)}/disconnect`, page.text);
    await connect(app, { ...granted, connectedAt: new Date('2026-11-23T12:00:00Z') });

    const list = await browser.get('/console');

    expect(list.text).toContain('1 store');
    expect(list.text).not.toContain('Suspicious activation');
  });
});

describe('POST /console/stores/:consumerKey/dismiss', () => {
  it('answers 404 for an unknown key', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const { text } = await browser.get('/console');

    const { status } = await send(browser, '/console/stores/nobody/dismiss', text, {
      at: new Date().toISOString(),
    });

    expect(status).toBe(404);
  });
});
