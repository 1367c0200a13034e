import { describe, expect, it } from '@jest/globals';
import { operatorsBrowser, send, signIn } from '../console/operators.js';
import { fakeClock } from '../support/fake-clock.js';
import { phoneWith, recoveryCodesOn, secretOn } from '../support/second-factor.js';
import { merchant, operator, startApp } from '../support/start-app.js';
import { merchantsBrowser, signInToAccount } from './merchants.js';

const page = '/account/second-factor';
const { password } = operator;

/** An operator who is signed in, and has no second factor yet. */
async function signedIn() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const browser = await operatorsBrowser(app);
  const isOn = () => app.deps.secondFactors.isOn(operator.username);
  return { clock, app, browser, isOn };
}

/** The same with the second factor turned on on the page. */
async function enrolled() {
  const base = await signedIn();
  const { browser, clock } = base;
  const { text } = await browser.get(page);
  const phone = phoneWith(secretOn(text));
  const answer = await send(browser, `${page}/turn-on`, text, {
    password,
    code: phone.codeAt(clock.now()),
  });
  clock.advance(30);
  return { ...base, answer, phone, code: () => phone.codeAt(clock.now()) };
}

describe('GET /account/second-factor', () => {
  it('is reached from every page of the console, which says that none is on', async () => {
    const { browser } = await signedIn();

    const { text } = await browser.get('/console');

    expect(text).toContain('<a href="/account/second-factor">Second factor <small>off</small></a>');
  });

  it('shows a secret as a picture and as text, the same until ten minutes are over', async () => {
    const { clock, browser } = await signedIn();

    const first = await browser.get(page);
    clock.advance(599);
    const again = await browser.get(page);
    clock.advance(1);
    const later = await browser.get(page);

    expect(first.status).toBe(200);
    expect(first.headers['cache-control']).toBe('no-store');
    expect(first.text).toMatch(/<svg class="qr"[^>]*><path d="(M\d+ \d+h1v1h-1z){300,}"/);
    expect(secretOn(first.text)).toMatch(/^[A-Z2-7]{32}$/);
    expect(secretOn(again.text)).toBe(secretOn(first.text));
    expect(secretOn(later.text)).not.toBe(secretOn(first.text));
  });

  it('shows another secret in another browser, and keeps none in clear', async () => {
    const { app, browser } = await signedIn();
    const other = await operatorsBrowser(app);

    const secrets = [await browser.get(page), await other.get(page)].map(({ text }) =>
      secretOn(text),
    );

    expect(new Set(secrets).size).toBe(2);
    const kept = await Promise.all(
      (await app.redis.keys(`${app.prefix}session:*`)).map((key) => app.redis.get(key)),
    );
    expect(kept.join('')).toContain('"enrolment":{"secret":"v1.test.');
    for (const secret of secrets) expect(kept.join('')).not.toContain(secret);
  });

  it('shows whoever signs in next in the same browser a secret of their own', async () => {
    const { browser } = await signedIn();
    const first = await browser.get(page);
    await signInToAccount(browser, merchant);

    const second = await browser.get(page);

    expect(secretOn(second.text)).toMatch(/^[A-Z2-7]{32}$/);
    expect(secretOn(second.text)).not.toBe(secretOn(first.text));
  });

  it('is for people who are signed in', async () => {
    const app = await startApp();

    const response = await app.visitor().get(page);

    expect([response.status, response.headers['location']]).toEqual([303, '/account/sign-in']);
  });

  it("is where the console's old address leads to", async () => {
    const { browser } = await signedIn();

    const response = await browser.get('/console/second-factor');

    expect([response.status, response.headers['location']]).toEqual([303, page]);
  });
});

describe('POST /account/second-factor/turn-on', () => {
  it('turns it on for password and code, and shows ten recovery codes once', async () => {
    const { app, browser, answer, isOn, phone } = await enrolled();

    const codes = recoveryCodesOn(answer.text);
    const after = await browser.get(page);

    expect(answer.status).toBe(200);
    expect(new Set(codes).size).toBe(10);
    expect(await isOn()).toBe(true);
    expect(after.text).toContain('<dd>10</dd>');
    expect(after.text).not.toContain(codes[0]);
    expect(secretOn(after.text)).toBe('');
    expect(app.logged()).toContain('"event":"second_factor_enabled","account":"olga"');
    for (const hidden of [phone.secret, ...codes]) expect(app.logged()).not.toContain(hidden);
  });

  it('turns it on for a merchant, whose next sign-in asks for a code', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const browser = await merchantsBrowser(app);
    const { text } = await browser.get(page);
    const code = phoneWith(secretOn(text)).codeAt(clock.now());

    await send(browser, `${page}/turn-on`, text, { password: merchant.password, code });

    const asked = await signInToAccount(app.visitor(), merchant);
    expect(asked.headers['location']).toBe('/account/sign-in/code');
  });

  it('does not take the first code for a sign-in as well', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const browser = await operatorsBrowser(app);
    const { text } = await browser.get(page);
    const code = phoneWith(secretOn(text)).codeAt(clock.now());

    await send(browser, `${page}/turn-on`, text, { password, code });

    expect(await app.deps.secondFactors.accept(operator.username, code)).toBe('wrong_code');
  });

  const wrong: Record<string, [typed: Record<string, string>, says: string]> = {
    'a wrong password': [{ password: 'not this one' }, 'That is not your password.'],
    'no password': [{ password: '' }, 'That is not your password.'],
    'a wrong code': [{ code: 'hunter' }, 'That code is not right.'],
    'no code': [{ code: '' }, 'That code is not right.'],
  };
  for (const [what, [typed, says]] of Object.entries(wrong)) {
    it(`leaves it off for ${what}, and shows the same secret again`, async () => {
      const { clock, browser, isOn } = await signedIn();
      const { text } = await browser.get(page);
      const good = { password, code: phoneWith(secretOn(text)).codeAt(clock.now()) };

      const response = await send(browser, `${page}/turn-on`, text, { ...good, ...typed });

      expect(response.status).toBe(401);
      expect(response.text).toContain(says);
      expect(secretOn(response.text)).toBe(secretOn(text));
      expect(await isOn()).toBe(false);
    });
  }

  it('refuses the code of a secret that has expired', async () => {
    const { clock, browser, isOn } = await signedIn();
    const { text } = await browser.get(page);
    clock.advance(601);

    const code = phoneWith(secretOn(text)).codeAt(clock.now());
    const response = await send(browser, `${page}/turn-on`, text, { password, code });

    expect(response.status).toBe(401);
    expect(await isOn()).toBe(false);
  });

  it("refuses another browser's secret", async () => {
    const { clock, app, browser, isOn } = await signedIn();
    const { text } = await browser.get(page);
    const other = await operatorsBrowser(app);
    const otherPage = await other.get(page);

    const code = phoneWith(secretOn(text)).codeAt(clock.now());
    const response = await send(other, `${page}/turn-on`, otherPage.text, { password, code });

    expect(response.status).toBe(401);
    expect(await isOn()).toBe(false);
  });

  it('refuses a form without the token of the session', async () => {
    const { clock, browser, isOn } = await signedIn();
    const { text } = await browser.get(page);
    const code = phoneWith(secretOn(text)).codeAt(clock.now());

    const response = await browser.post(`${page}/turn-on`).type('form').send({ password, code });

    expect(response.status).toBe(403);
    expect(await isOn()).toBe(false);
  });

  it('does not put another secret in the place of one that is on', async () => {
    const { app, browser, answer, code } = await enrolled();
    const before = await app.redis.get(`${app.prefix}second-factor:{olga}`);

    const typed = { password, code: code() };
    const response = await send(browser, `${page}/turn-on`, answer.text, typed);

    expect([response.status, response.headers['location']]).toEqual([303, page]);
    expect(await app.redis.get(`${app.prefix}second-factor:{olga}`)).toBe(before);
  });
});

describe('a change of the second factor', () => {
  it('makes new recovery codes, and the old ones are worth nothing', async () => {
    const { app, browser, answer, code } = await enrolled();
    const [old = ''] = recoveryCodesOn(answer.text);
    const { text } = await browser.get(page);

    const response = await send(browser, `${page}/recovery-codes`, text, {
      password,
      code: code(),
    });

    const [anew = ''] = recoveryCodesOn(response.text);
    expect(response.status).toBe(200);
    expect(await app.deps.secondFactors.accept(operator.username, old)).toBe('wrong_code');
    expect(await app.deps.secondFactors.accept(operator.username, anew)).toBe('right');
    expect(app.logged()).toContain('"event":"recovery_codes_renewed","account":"olga"');
  });

  it('turns it off, and the password alone signs in again', async () => {
    const { app, browser, isOn, code } = await enrolled();
    const { text } = await browser.get(page);

    const response = await send(browser, `${page}/turn-off`, text, { password, code: code() });

    expect([response.status, response.headers['location']]).toEqual([303, page]);
    expect(await isOn()).toBe(false);
    expect((await signIn(app.visitor(), operator)).headers['location']).toBe('/console');
    expect(app.logged()).toContain('"event":"second_factor_disabled","account":"olga"');
  });

  for (const action of ['recovery-codes', 'turn-off']) {
    const wrong: Record<string, Record<string, string>> = {
      'a wrong password': { password: 'not this one' },
      'a wrong code': { code: 'hunter' },
      'no code': { code: '' },
    };
    for (const [what, typed] of Object.entries(wrong)) {
      it(`refuses ${action} for ${what}`, async () => {
        const { app, browser, isOn, code } = await enrolled();
        const before = await app.redis.get(`${app.prefix}second-factor:{olga}`);
        const { text } = await browser.get(page);
        const good = { password, code: code() };

        const response = await send(browser, `${page}/${action}`, text, { ...good, ...typed });

        expect(response.status).toBe(401);
        expect(recoveryCodesOn(response.text)).toEqual([]);
        expect(await isOn()).toBe(true);
        expect(await app.redis.get(`${app.prefix}second-factor:{olga}`)).toBe(before);
      });
    }

    it(`leads back from the address of ${action}`, async () => {
      const { browser } = await enrolled();

      const response = await browser.get(`${page}/${action}`);

      expect([response.status, response.headers['location']]).toEqual([303, page]);
    });
  }

  it('says on every page how many recovery codes are left, once they are few', async () => {
    const { app, browser, answer } = await enrolled();
    const codes = recoveryCodesOn(answer.text);
    for (const code of codes.slice(0, 6)) await app.deps.secondFactors.accept('olga', code);
    const four = await browser.get('/console');
    await app.deps.secondFactors.accept('olga', codes[6] ?? '');

    const three = await browser.get('/console');
    const own = await browser.get(page);

    expect(four.text).not.toContain('codes left');
    expect(three.text).toContain('Second factor <small>3 codes left</small>');
    expect(own.text).toContain('Recovery codes left: 3.');
  });
});
