import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { operator, startApp, type TestApp } from '../support/start-app.js';
import { connect, pageOf, send, signIn, type Browser } from '../console/operators.js';

const codePage = '/console/sign-in/code';

/** An operator with a second factor who has just given the right password. */
async function afterPassword() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const phone = await turnOn(app.deps, operator.username);
  const browser = app.visitor();
  const answer = await signIn(browser, operator);
  const form = await browser.get(codePage);
  const sendCode = (code: string) => send(browser, codePage, form.text, { code });
  return {
    clock,
    app,
    phone,
    browser,
    answer,
    form,
    sendCode,
    code: () => phone.codeAt(clock.now()),
  };
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.get('/console')).status === 200;
}

function sessionCookie(response: { headers: Record<string, unknown> }): string {
  return String(response.headers['set-cookie']).split(';')[0] ?? '';
}

function wrongCodesOf(app: TestApp): Promise<number> {
  return app.redis.del(`${app.prefix}limit:second-factor:olga`);
}

describe('the console sign-in of an operator with a second factor', () => {
  it('asks for a code after the password, and lets nobody in before', async () => {
    const { browser, answer, form } = await afterPassword();

    expect([answer.status, answer.headers['location']]).toEqual([303, codePage]);
    expect(form.status).toBe(200);
    expect(form.text).toMatch(
      /<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"/,
    );
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('signs in with the code, in a session with another id, and leads on', async () => {
    const { app, browser, answer, sendCode, code } = await afterPassword();

    const response = await sendCode(code());

    expect([response.status, response.headers['location']]).toEqual([303, '/console']);
    expect(sessionCookie(response)).not.toBe(sessionCookie(answer));
    expect(await isSignedIn(browser)).toBe(true);
    expect(app.logged()).toContain('"event":"operator_signed_in","account":"olga"');
    expect(app.logged()).not.toContain(code());
  });

  it('moves to a session with another id at the password already', async () => {
    const app = await startApp();
    await turnOn(app.deps, operator.username);
    const browser = app.visitor();
    const planted = sessionCookie(await browser.get('/console/sign-in'));

    await signIn(browser, operator);

    const stranger = await app.visitor().get(codePage).set('Cookie', planted);
    expect([stranger.status, stranger.headers['location']]).toEqual([303, '/console/sign-in']);
    expect((await browser.get(codePage)).status).toBe(200);
  });

  it('leaves nothing behind in the session that waited for the code', async () => {
    const { app, answer, sendCode, code } = await afterPassword();
    await sendCode(code());

    const left = await app.visitor().get(codePage).set('Cookie', sessionCookie(answer));

    expect([left.status, left.headers['location']]).toEqual([303, '/console/sign-in']);
  });

  it('leads to the page that was asked for', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const phone = await turnOn(app.deps, operator.username);
    const granted = await connect(app);
    const browser = app.visitor();
    await browser.get(pageOf(granted));
    await signIn(browser, operator);
    const form = await browser.get(codePage);

    const response = await send(browser, codePage, form.text, { code: phone.codeAt(clock.now()) });

    expect(response.headers['location']).toBe(pageOf(granted));
  });

  it('takes a recovery code in the same field', async () => {
    const { browser, sendCode, phone } = await afterPassword();

    const response = await sendCode(phone.recoveryCodes[3] ?? '');

    expect(response.status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
  });

  for (const wrong of ['', '12345', 'hunter2', '9'.repeat(5000), 'x'.repeat(64)]) {
    it(`shows the form again for ${JSON.stringify(wrong.slice(0, 8))}`, async () => {
      const { browser, sendCode } = await afterPassword();

      const response = await sendCode(wrong);

      expect(response.status).toBe(401);
      expect(response.text).toContain('That code is not right');
      expect(response.text).toContain('name="code"');
      expect(await isSignedIn(browser)).toBe(false);
    });
  }

  it('asks for the password again after five wrong codes', async () => {
    const { app, browser, sendCode, code } = await afterPassword();
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await sendCode('no code')).status).toBe(401);
      await wrongCodesOf(app);
    }

    const sixth = await sendCode(code());
    const seventh = await sendCode(code());

    expect(sixth.status).toBe(429);
    expect(sixth.text).toContain('name="password"');
    expect(sixth.text).toContain('Wait 15 minutes');
    expect(seventh.status).toBe(401);
    expect(seventh.text).toContain('You are not signed in.');
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('counts wrong codes by account: a new sign-in does not begin anew', async () => {
    const { app, sendCode, code } = await afterPassword();
    for (let turn = 0; turn < 5; turn += 1) await sendCode('no code');
    const browser = app.visitor();
    await signIn(browser, operator);
    const form = await browser.get(codePage);

    const response = await send(browser, codePage, form.text, { code: code() });

    expect(response.status).toBe(429);
  });

  it('counts no wrong password as a wrong code', async () => {
    const { app, sendCode, code } = await afterPassword();
    for (let turn = 0; turn < 6; turn += 1) {
      await signIn(app.visitor(), { ...operator, password: 'not this one' });
    }

    expect((await sendCode(code())).status).toBe(303);
  });

  it('waits five minutes for the code', async () => {
    const { clock, browser, sendCode, code } = await afterPassword();
    clock.advance(299);
    const inTime = await browser.get(codePage);
    clock.advance(1);

    const late = await sendCode(code());
    const page = await browser.get(codePage);

    expect(inTime.status).toBe(200);
    expect(late.status).toBe(401);
    expect(late.text).toContain('name="password"');
    expect([page.status, page.headers['location']]).toEqual([303, '/console/sign-in']);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('refuses a code form without the token of its session', async () => {
    const { browser, code } = await afterPassword();

    const response = await browser.post(codePage).type('form').send({ code: code() });

    expect(response.status).toBe(403);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('refuses a code in a browser that has given no password', async () => {
    const { app, code } = await afterPassword();
    const stranger = app.visitor();
    const form = await stranger.get('/console/sign-in');

    const response = await send(stranger, codePage, form.text, { code: code() });

    expect(response.status).toBe(401);
    expect(await isSignedIn(stranger)).toBe(false);
  });

  it('refuses an account that was disabled after its password', async () => {
    const { app, browser, sendCode, code } = await afterPassword();
    await app.deps.accounts.disable(operator.username);

    const response = await sendCode(code());

    expect(response.status).toBe(401);
    await app.deps.accounts.enable(operator.username);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('asks only those who have one', async () => {
    const { app } = await afterPassword();
    await app.deps.accounts.add('otto', 'operator', operator.password);

    const response = await signIn(app.visitor(), { ...operator, username: 'otto' });

    expect([response.status, response.headers['location']]).toEqual([303, '/console']);
  });

  it('says to a wrong password what it says to those who have none', async () => {
    const { app } = await afterPassword();
    const wrong = { ...operator, password: 'not this one' };

    const response = await signIn(app.visitor(), wrong);

    expect(response.status).toBe(401);
    expect(response.text).toContain('The username or the password is not right.');
  });
});
