import { describe, expect, it } from '@jest/globals';
import { connect, operatorsBrowser, pageOf, send, signIn } from '../console/operators.js';
import { hiddenFields } from '../support/activation.js';
import { newIntegration, openPopup, sendForm } from '../support/popup.js';
import { merchant, operator, startApp, type AppOptions } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

/** An app whose waits are noted, not waited. */
async function start(options: AppOptions = {}) {
  const waits: number[] = [];
  const wait = (ms: number) => {
    waits.push(ms);
    return Promise.resolve();
  };
  return { app: await startApp({ wait, ...options }), waits };
}

const wrong = 'not this one';

describe('a wrong password', () => {
  it('counts and waits alike wherever it is typed: sign-in, popup, reveal, second factor', async () => {
    const { app, waits } = await start();
    const browser = await operatorsBrowser(app);
    const store = await connect(app);
    const shop = await startStore();
    const visitor = app.visitor();
    const { popupUrl } = await shop.activate(newIntegration(app, shop).id);
    const { fields } = await openPopup(visitor, popupUrl);
    const page = await browser.get(pageOf(store));
    const own = await browser.get('/account/second-factor');
    const typed = { password: wrong };

    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const answers = [
        await signIn(app.visitor(), { ...operator, password: wrong }),
        await sendForm(visitor, fields, { ...operator, password: wrong }),
        await send(browser, `${pageOf(store)}/reveal`, page.text, typed),
        await send(browser, '/account/second-factor/turn-on', own.text, typed),
      ];
      statuses.push(...answers.map(({ status }) => status));
    }

    expect(new Set(statuses)).toEqual(new Set([401]));
    // The browser that is signed in counts for itself: its last two waits of a round are its own.
    expect(waits).toEqual([250, 250, 500, 1_000, 500, 1_000]);
  });

  it('counts for the network that a trusted proxy names; others do not wait for it', async () => {
    const { app, waits } = await start({ trustProxy: 1 });
    const from = async (address: string, password: string) => {
      const browser = app.visitor().set('X-Forwarded-For', address);
      return (await signIn(browser, { ...operator, password })).status;
    };
    for (let n = 0; n < 8; n += 1) await from('203.0.113.9', wrong);
    const waited = waits.splice(0).length;

    expect(await from('203.0.113.10', operator.password)).toBe(303);

    expect([waited, waits]).toEqual([3, []]);
  });

  it('never keeps the right one out, however often and from how many networks it is tried', async () => {
    const { app, waits } = await start({ trustProxy: 1 });
    const from = async (address: string, password: string) => {
      const browser = app.visitor().set('X-Forwarded-For', address);
      return (await signIn(browser, { ...operator, password })).status;
    };
    await from('203.0.113.10', operator.password);
    for (let n = 0; n < 26; n += 1) await from(`198.51.100.${n % 13}`, wrong);
    waits.length = 0;

    const familiar = await from('203.0.113.10', operator.password);
    const waitedFamiliar = waits.splice(0);
    const elsewhere = await from('203.0.113.11', operator.password);

    expect([familiar, elsewhere]).toEqual([303, 303]);
    expect(waitedFamiliar).toEqual([]);
    expect(waits).toEqual([3_000]);
  });
});

describe('a browser in which the right password was given', () => {
  it('does not wait for what is guessed in its own network', async () => {
    const { app, waits } = await start();
    const browser = app.visitor();
    await signIn(browser, operator);
    for (let n = 0; n < 10; n += 1) await signIn(app.visitor(), { ...operator, password: wrong });
    waits.length = 0;

    const known = await signIn(browser, operator);
    const waitedKnown = waits.splice(0);
    const other = await signIn(app.visitor(), operator);

    expect([known.status, other.status]).toEqual([303, 303]);
    expect([waitedKnown, waits]).toEqual([[], [3_000]]);
  });

  it('is known for that account alone', async () => {
    const { app, waits } = await start();
    const browser = app.visitor();
    await signIn(browser, operator);
    for (let n = 0; n < 10; n += 1) await signIn(app.visitor(), { ...merchant, password: wrong });
    waits.length = 0;

    await signIn(browser, merchant);

    expect(waits).toEqual([3_000]);
  });

  for (const [publicUrl, cookie] of [
    [
      'http://localhost:3000',
      /^mi-browser=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    ],
    [
      'https://app.example',
      /^__Host-mi-browser=[\w-]{43}; Max-Age=2592000; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    ],
  ] as const) {
    it(`is known by a cookie that no script reads, at ${publicUrl}`, async () => {
      const { app } = await start({ publicUrl });

      const page = await app.visitor().get('/console/sign-in');
      const [session = ''] = page.headers['set-cookie'] as unknown as readonly string[];

      const { headers } = await app
        .visitor()
        .post('/console/sign-in')
        .set('Cookie', session.replace(/;.*/, ''))
        .type('form')
        .send({ ...hiddenFields(page.text), ...operator });

      const cookies = headers['set-cookie'] as unknown as readonly string[];
      expect(cookies[0]).toMatch(/^(__Host-)?mi=/);
      expect(cookies[1]).toMatch(cookie);
    });
  }
});

describe('when too many wait', () => {
  it('the next is told to come again in ten seconds, and nobody looks at its password', async () => {
    const ends: (() => void)[] = [];
    const wait = () => new Promise<void>((resolve) => void ends.push(resolve));
    const { app } = await start({ wait });
    for (let n = 0; n < 5; n += 1) await signIn(app.visitor(), { ...operator, password: wrong });
    const shop = await startStore();
    const visitor = app.visitor();
    const { popupUrl } = await shop.activate(newIntegration(app, shop).id);
    const { fields } = await openPopup(visitor, popupUrl);
    const six = Array.from({ length: 6 }, () => signIn(app.visitor(), operator));
    // One of the six finds the lane full; the others wait until the test says that their wait is over.
    const inConsole = await Promise.race(six);

    const inPopup = await sendForm(visitor, fields, operator);
    const other = await signIn(app.visitor(), merchant);
    let statuses: number[] = [];
    void Promise.all(six).then((all) => (statuses = all.map(({ status }) => status)));
    while (statuses.length === 0) {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }

    for (const { status, headers, text } of [inConsole, inPopup]) {
      expect(status).toBe(429);
      expect(headers['retry-after']).toBe('10');
      expect(text).toContain('Wait ten seconds, then sign in again.');
    }
    expect(inConsole.text).toContain('name="password"');
    expect(inPopup.text).toMatch(/href="\/login\?popup=[\w-]+"/);
    expect(other.status).toBe(403);
    expect(statuses.sort()).toEqual([303, 303, 303, 303, 303, 429]);
  });
});
