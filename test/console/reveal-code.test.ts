import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { operator, startApp } from '../support/start-app.js';
import { connect, operatorsBrowser, pageOf, secretsOf, send } from './operators.js';

const { password } = operator;

/** An operator who is signed in, and has no second factor yet. */
async function signedIn() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  return { clock, app, browser: await operatorsBrowser(app) };
}

/** The same with a second factor that is on. */
async function enrolled() {
  const base = await signedIn();
  const phone = await turnOn(base.app.deps, operator.username);
  return { ...base, code: () => phone.codeAt(base.clock.now()) };
}

describe('a reveal with a second factor', () => {
  it('asks for a code, and shows the values for password and code', async () => {
    const { app, browser, code } = await enrolled();
    const granted = await connect(app);
    const { text } = await browser.get(pageOf(granted));

    const reveal = (typed: Record<string, string>) =>
      send(browser, `${pageOf(granted)}/reveal`, text, typed);
    const refused = [
      await reveal({ password }),
      await reveal({ password, code: 'hunter' }),
      await reveal({ password: 'not this one', code: code() }),
    ];
    const response = await reveal({ password, code: code() });

    expect(text).toMatch(/<input id="code" name="code"[^>]* required>/);
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401]);
    for (const secret of secretsOf(granted)) {
      for (const page of refused) expect(page.text).not.toContain(secret);
      expect(response.text).toContain(secret);
    }
  });

  it('takes no code twice, and looks at none after five wrong ones', async () => {
    const { app, clock, browser, code } = await enrolled();
    const granted = await connect(app);
    const { text } = await browser.get(pageOf(granted));
    const reveal = (typed: Record<string, string>) =>
      send(browser, `${pageOf(granted)}/reveal`, text, { password, ...typed });

    const first = await reveal({ code: code() });
    const second = await reveal({ code: code() });
    for (let turn = 0; turn < 4; turn += 1) await reveal({ code: 'hunter' });
    clock.advance(30);
    const late = await reveal({ code: code() });

    expect([first, second, late].map(({ status }) => status)).toEqual([200, 401, 429]);
    expect(late.text).toContain('There were too many wrong codes.');
  });

  it('asks for the password alone where none is on', async () => {
    const { app, browser } = await signedIn();
    const granted = await connect(app);

    const { text } = await browser.get(pageOf(granted));

    expect(text).not.toContain('name="code"');
  });

  it('asks whoever turned it on in another browser, from the next request on', async () => {
    const { app, browser } = await signedIn();
    const granted = await connect(app);
    const { text } = await browser.get(pageOf(granted));
    await turnOn(app.deps, operator.username);

    const response = await send(browser, `${pageOf(granted)}/reveal`, text, { password });

    expect(response.status).toBe(401);
    for (const secret of secretsOf(granted)) expect(response.text).not.toContain(secret);
  });
});
