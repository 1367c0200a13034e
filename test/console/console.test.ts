import { describe, expect, it } from '@jest/globals';
import { operator, startApp } from '../support/start-app.js';
import { startRedis } from '../support/start-redis.js';
import { connect, operatorsBrowser, pageOf, signIn } from './operators.js';

const actions = ['check', 'reveal', 'disconnect'];

describe('every form of the console', () => {
  for (const action of actions) {
    it(`is refused at …/${action} without its token, or with another session's`, async () => {
      const app = await startApp();
      const granted = await connect(app, { storeBaseUrl: 'http://localhost:1/' });
      const browser = await operatorsBrowser(app);
      await browser.get('/console');
      const path = `${pageOf(granted)}/${action}`;
      const { password } = operator;

      const without = await browser.post(path).type('form').send({ password });
      const foreign = await browser
        .post(path)
        .type('form')
        .send({ _csrf: 'x'.repeat(43), password });

      const credential = await app.deps.credentials.find(granted.consumerKey);
      expect([without.status, foreign.status]).toEqual([403, 403]);
      expect(without.text).toContain('load the page anew');
      expect(credential).toBeDefined();
      expect(credential?.lastCheck).toBeUndefined();
    });

    it(`is read at …/${action} as a form alone`, async () => {
      const app = await startApp();
      const granted = await connect(app);
      const browser = await operatorsBrowser(app);

      const response = await browser.post(`${pageOf(granted)}/${action}`).send({ password: 'x' });

      expect(response.status).toBe(415);
    });
  }
});

describe('an address of the console that leads nowhere', () => {
  it('answers 404 with a way back', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get('/console/elsewhere');

    expect(status).toBe(404);
    expect(text).toContain('There is no such page');
    expect(text).toContain('<a href="/console">Back');
  });

  it('answers 400 when it cannot be decoded', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);

    const { status } = await browser.get('/console/stores/%E0%A4%A');

    expect(status).toBe(400);
  });
});

describe('while Redis is gone', () => {
  it('every route answers 503, to those who are signed in and to those who are not', async () => {
    const redis = await startRedis();
    const app = await startApp({ redis });
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    await redis.stop();

    const pages = [
      '/console',
      '/console/sign-in',
      pageOf(granted),
      `${pageOf(granted)}/disconnect`,
    ];
    const forms = ['/console/sign-in', '/console/sign-out'].concat(
      actions.map((action) => `${pageOf(granted)}/${action}`),
    );

    const statuses: number[] = [];
    for (const page of pages) statuses.push((await browser.get(page)).status);
    for (const form of forms) {
      statuses.push((await browser.post(form).type('form').send(operator)).status);
    }
    expect(statuses).toEqual(Array(9).fill(503));
    for (const page of ['/console', '/console/sign-in']) {
      expect((await app.visitor().get(page)).status).toBe(503);
    }
  });
});

describe('the log of a visit', () => {
  it('holds no session, form token, password or consumer key', async () => {
    const app = await startApp();
    const granted = await connect(app, { storeBaseUrl: 'http://localhost:1/' });
    const browser = app.visitor();
    await signIn(browser, operator);
    const page = await browser.get(pageOf(granted));
    await browser.get('/console').query({ q: granted.consumerKey });
    await browser
      .post(`${pageOf(granted)}/check`)
      .type('form')
      .send({ _csrf: 'made-up' });

    const token = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
    const cookie = /mi=s%3A([\w-]+)/.exec(String(page.headers['set-cookie']))?.[1];

    expect(app.logged()).toContain('page_expired');
    for (const secret of [token, cookie, operator.password, granted.consumerKey, 'made-up']) {
      expect(secret).toBeTruthy();
      expect(app.logged()).not.toContain(secret);
    }
  });
});
