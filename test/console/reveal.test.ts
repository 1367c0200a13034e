import { describe, expect, it } from '@jest/globals';
import { supportCode } from '../../src/timeline/support-code.js';
import { merchant, operator, startApp } from '../support/start-app.js';
import {
  connect,
  connectWithLostKey,
  operatorsBrowser,
  pageOf,
  secretsOf,
  send,
} from './operators.js';

describe('POST /console/stores/:consumerKey/reveal', () => {
  it('shows the four values for the right password, for half a minute and to no cache', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));

    const response = await send(browser, `${pageOf(granted)}/reveal`, page.text, {
      password: operator.password,
    });

    expect(response.status).toBe(200);
    for (const value of [granted.consumerKey, ...secretsOf(granted)]) {
      expect(response.text).toContain(`type="text" value="${value}" readonly`);
    }
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['refresh']).toBe(`30; url=${pageOf(granted)}`);
    expect(response.text).not.toContain(operator.password);
  });

  it('logs who saw what, and no value', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));

    await send(browser, `${pageOf(granted)}/reveal`, page.text, { password: operator.password });

    expect(app.logged()).toContain(
      `"event":"secrets_revealed","account":"olga","activation":"${supportCode(granted.consumerKey)}"`,
    );
    for (const value of [granted.consumerKey, ...secretsOf(granted), operator.password]) {
      expect(app.logged()).not.toContain(value);
    }
  });

  it('masks them again on the next load', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    const page = await browser.get(pageOf(granted));
    await send(browser, `${pageOf(granted)}/reveal`, page.text, { password: operator.password });

    const { text } = await browser.get(pageOf(granted));

    for (const secret of secretsOf(granted)) expect(text).not.toContain(secret);
  });

  const wrong: Record<string, Record<string, string>> = {
    'a wrong password': { password: 'not this one' },
    'no password': {},
    'an empty password': { password: '' },
    "somebody else's password": { password: merchant.password },
    "somebody else's name and password": { ...merchant },
  };
  for (const [name, typed] of Object.entries(wrong)) {
    it(`shows the masked page again for ${name}`, async () => {
      const app = await startApp();
      const granted = await connect(app);
      const browser = await operatorsBrowser(app);
      const page = await browser.get(pageOf(granted));

      const response = await send(browser, `${pageOf(granted)}/reveal`, page.text, typed);

      expect(response.status).toBe(401);
      expect(response.text).toContain('That is not your password.');
      for (const secret of secretsOf(granted)) expect(response.text).not.toContain(secret);
      expect(app.logged()).toContain('"event":"reveal_refused"');
      expect(app.logged()).not.toContain('secrets_revealed');
    });
  }

  it('reveals nothing without the form token, whatever the password', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    await browser.get(pageOf(granted));

    const response = await browser
      .post(`${pageOf(granted)}/reveal`)
      .type('form')
      .send({ password: operator.password });

    expect(response.status).toBe(403);
    for (const secret of secretsOf(granted)) expect(response.text).not.toContain(secret);
  });

  it('reveals nothing by GET', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);

    const response = await browser
      .get(`${pageOf(granted)}/reveal`)
      .query({ password: operator.password });

    expect(response.status).toBe(303);
    for (const secret of secretsOf(granted)) expect(response.text).not.toContain(secret);
  });

  it('says so when they cannot be opened, and does not log that they were seen', async () => {
    const app = await startApp();
    const granted = await connectWithLostKey(app);
    const browser = await operatorsBrowser(app);
    const list = await browser.get('/console');

    const response = await send(browser, `${pageOf(granted)}/reveal`, list.text, {
      password: operator.password,
    });

    expect(response.text).toContain('cannot be opened');
    expect(app.logged()).not.toContain('secrets_revealed');
  });

  it('answers 404 for an unknown key', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const list = await browser.get('/console');

    const response = await send(browser, '/console/stores/nobody/reveal', list.text, {
      password: operator.password,
    });

    expect(response.status).toBe(404);
  });
});
