import { describe, expect, it } from '@jest/globals';
import { operatorsBrowser, send } from '../console/operators.js';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, operator, otherMerchant, startApp } from '../support/start-app.js';
import { merchantsBrowser, signInToAccount } from './merchants.js';

describe('the sign-in to an account', () => {
  for (const address of ['/account', '/account/settings', '/account/none', '/account?x=1']) {
    it(`leads from ${address} to the form, and back there`, async () => {
      const app = await startApp();
      const browser = app.visitor();
      const asked = await browser.get(address);

      const response = await signInToAccount(browser, merchant);

      expect([asked.status, asked.headers['location']]).toEqual([303, '/account/sign-in']);
      expect([response.status, response.headers['location']]).toEqual([303, address]);
      expect(app.logged()).toContain(
        '"event":"merchant_signed_in","account":"mia@merchant.example"',
      );
    });
  }

  it('shows the one form, in the language of the browser', async () => {
    const app = await startApp();

    const page = await app.visitor().get('/account/sign-in').set('Accept-Language', 'de-AT');

    expect(page.status).toBe(200);
    expect(page.text).toContain('<html lang="de">');
    expect(page.text.match(/<input[^>]* name="(username|password)"/g)).toHaveLength(2);
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
  });

  it('signs operators in, too, and their sign-in counts in both places', async () => {
    const app = await startApp();

    const atAccount = await merchantsBrowser(app, operator);
    const atConsole = await operatorsBrowser(app);

    expect((await atAccount.get('/console')).status).toBe(200);
    const { status, text } = await atConsole.get('/account');
    expect(status).toBe(200);
    expect(text).toContain('<a href="/console">Console</a>');
  });

  it('lets no merchant into the console, and shows none the way there', async () => {
    const app = await startApp();
    const browser = await merchantsBrowser(app);

    expect((await browser.get('/console')).headers['location']).toBe('/console/sign-in');
    expect((await browser.get('/account')).text).not.toContain('href="/console"');
  });

  it('keeps apart which page of which place was asked for', async () => {
    const app = await startApp();
    const browser = app.visitor();
    await browser.get('/console?q=shop');
    await browser.get('/account/settings');

    expect((await signInToAccount(browser, operator)).headers['location']).toBe(
      '/account/settings',
    );
  });

  const wrong = {
    'a wrong password': { ...merchant, password: 'not this one' },
    'an unknown name': { ...merchant, username: 'nobody' },
    "another's password": { ...merchant, password: otherMerchant.password },
  };
  for (const [what, typed] of Object.entries(wrong)) {
    it(`refuses ${what} with 401 and the form again`, async () => {
      const app = await startApp();
      const browser = app.visitor();

      const response = await signInToAccount(browser, typed);

      expect(response.status).toBe(401);
      expect(response.text).toContain('The username or the password is not right.');
      expect(app.logged()).toContain('"event":"merchant_sign_in_refused","code":"wrong_password"');
      expect((await browser.get('/account')).status).toBe(303);
    });
  }

  it("takes no form without its token, nor with the console's", async () => {
    const app = await startApp();
    const browser = app.visitor();
    const { text } = await browser.get('/console/sign-in');

    const without = await browser.post('/account/sign-in').type('form').send(merchant);
    const foreign = await send(browser, '/account/sign-in', text, merchant);

    expect([without.status, foreign.status]).toEqual([403, 403]);
    expect((await browser.get('/account')).status).toBe(303);
  });

  it('asks for the code of a second factor, and takes it once', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const phone = await turnOn(app.deps, merchant.username);
    const browser = app.visitor();
    const asked = await signInToAccount(browser, merchant);
    const form = await browser.get('/account/sign-in/code');
    const sendCode = (code: string) => send(browser, '/account/sign-in/code', form.text, { code });

    const early = await browser.get('/account');
    const wrong = await sendCode('000000');
    const right = await sendCode(phone.codeAt(clock.now()));

    expect([asked.status, asked.headers['location']]).toEqual([303, '/account/sign-in/code']);
    expect([early.status, wrong.status]).toEqual([303, 401]);
    expect([right.status, right.headers['location']]).toEqual([303, '/account']);
    expect((await browser.get('/account')).status).toBe(200);
  });

  it('does not take a code that is owed in the console', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    await turnOn(app.deps, operator.username);
    const browser = app.visitor();
    const { text } = await browser.get('/console/sign-in');
    await send(browser, '/console/sign-in', text, operator);

    const page = await browser.get('/account/sign-in/code');

    expect([page.status, page.headers['location']]).toEqual([303, '/account/sign-in']);
  });

  it('ends with a sign-out, here and in Redis', async () => {
    const app = await startApp();
    const browser = await merchantsBrowser(app);
    const page = await browser.get('/account');
    const cookie = String(page.headers['set-cookie']).split(';')[0]!;

    const response = await send(browser, '/account/sign-out', page.text);

    expect([response.status, response.headers['location']]).toEqual([303, '/account/sign-in']);
    expect((await app.visitor().get('/account').set('Cookie', cookie)).status).toBe(303);
    expect(app.logged()).toContain('"event":"merchant_signed_out"');
  });
});
