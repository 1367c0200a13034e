import { describe, expect, it } from '@jest/globals';
import { operatorsBrowser, send, signIn } from '../console/operators.js';
import { fakeClock } from '../support/fake-clock.js';
import { newIntegration, openPopup, sendForm } from '../support/popup.js';
import { turnOn } from '../support/second-factor.js';
import { operator, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const minute = 60;

describe('a sign-in', () => {
  for (const [seconds, status] of [
    [15 * minute - 1, 200],
    [15 * minute, 303],
    [15 * minute + 1, 303],
  ] as const) {
    it(`answers ${status} after ${seconds} seconds without a request`, async () => {
      const clock = fakeClock();
      const app = await startApp({ now: clock.now });
      const browser = await operatorsBrowser(app);

      clock.advance(seconds);

      expect((await browser.get('/console')).status).toBe(status);
    });
  }

  it('lives on with each use, by pages and by forms, and ends 15 minutes after the last', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const browser = await operatorsBrowser(app);
    const page = await browser.get('/account/second-factor');

    clock.advance(14 * minute);
    const form = await send(browser, '/account/second-factor/turn-off', page.text);
    clock.advance(14 * minute);
    const used = await browser.get('/console');
    clock.advance(15 * minute);
    const unused = await browser.get('/console');

    expect([form.status, used.status, unused.status]).toEqual([401, 200, 303]);
  });

  it('that has ended unused stays ended', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const browser = await operatorsBrowser(app);
    clock.advance(15 * minute);

    const statuses = [await browser.get('/console'), await browser.get('/console')];

    expect(statuses.map(({ status }) => status)).toEqual([303, 303]);
  });

  it('ends after eight hours, however much it is used', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const browser = await operatorsBrowser(app);
    const statuses: number[] = [];

    for (let n = 0; n < 8 * 6; n += 1) {
      statuses.push((await browser.get('/console')).status);
      clock.advance(10 * minute);
    }
    const last = await browser.get('/console');

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(last.status).toBe(303);
  });

  it('is not brought back by a request that was under way when it was ended', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const page = await browser.get('/console');
    const sessions = await Promise.all(
      (await app.redis.keys(`${app.prefix}session:*`)).map(
        async (name) => [name, await app.redis.get(name)] as const,
      ),
    );

    await send(browser, '/console/sign-out', page.text);
    // What a request saves at its end that began before: the session as it has read it.
    for (const [name, text] of sessions) await app.redis.set(name, text!);

    expect(sessions.length).toBeGreaterThan(0);
    expect((await browser.get('/console')).status).toBe(303);
  });

  it('ends with another sign-in in the same browser, though its session is kept by somebody', async () => {
    const app = await startApp();
    const browser = app.visitor();
    const first = await signIn(browser, operator);
    const cookie = String(first.headers['set-cookie']).split(';')[0]!;

    await signIn(browser, operator);

    expect((await app.visitor().get('/console').set('Cookie', cookie)).status).toBe(303);
    expect((await browser.get('/console')).status).toBe(200);
    expect(await app.redis.keys(`${app.prefix}sign-in:*`)).toHaveLength(1);
  });
});

describe('ending all sign-ins of an account', () => {
  it('is seen by all processes with the next request', async () => {
    const one = await startApp();
    const other = await startApp({ prefix: one.prefix });
    const browsers = [await operatorsBrowser(one), await operatorsBrowser(other)];

    await one.deps.accounts.endSignIns(operator.username);

    for (const browser of browsers) expect((await browser.get('/console')).status).toBe(303);
    expect((await signIn(one.visitor(), operator)).status).toBe(303);
  });

  it('refuses a form that was open before, and does nothing', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const page = await browser.get('/account/second-factor');
    await app.deps.accounts.endSignIns(operator.username);

    const response = await send(browser, '/account/second-factor/turn-off', page.text, operator);

    expect(response.status).toBe(401);
  });

  it('ends a sign-in that waits for its code, in the console and in the popup', async () => {
    const app = await startApp();
    const phone = await turnOn(app.deps, operator.username);
    const store = await startStore();
    const inConsole = app.visitor();
    const asked = await signIn(inConsole, operator);
    const codePage = await inConsole.get(String(asked.headers['location']));
    const inPopup = app.visitor();
    const { fields } = await openPopup(
      inPopup,
      (await store.activate(newIntegration(app, store).id)).popupUrl,
    );
    const codeForm = await sendForm(inPopup, fields, operator);

    await app.deps.accounts.endSignIns(operator.username);
    const [code, another] = phone.recoveryCodes;
    const console = await send(inConsole, '/console/sign-in/code', codePage.text, { code: code! });
    const popup = await send(inPopup, '/checklogin/code', codeForm.text, { code: another! });

    expect([console.status, popup.status]).toEqual([401, 401]);
    expect((await inConsole.get('/console')).status).toBe(303);
    expect(store.requests).toEqual([]);
  });

  it('ends a sign-in that has yet to confirm where it returns to', async () => {
    const app = await startApp();
    const store = await startStore();
    const elsewhere = 'http://admin.example/admin/admin/integration/loginSuccessCallback/';
    const visitor = app.visitor();
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const url = new URL(popupUrl);
    url.searchParams.set('success_call_back', elsewhere);
    const { fields } = await openPopup(visitor, url.href);
    const question = await sendForm(visitor, fields, operator);

    await app.deps.accounts.endSignIns(operator.username);
    const response = await send(visitor, '/checklogin/confirm', question.text);

    expect(question.status).toBe(200);
    expect(response.status).toBe(403);
    expect(store.requests).toEqual([]);
  });
});
