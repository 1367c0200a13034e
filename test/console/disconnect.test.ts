import { describe, expect, it } from '@jest/globals';
import { supportCode } from '../../src/activation/support-code.js';
import { startApp } from '../support/start-app.js';
import { connect, connectWithLostKey, operatorsBrowser, pageOf, send } from './operators.js';

describe('GET /console/stores/:consumerKey/disconnect', () => {
  it('asks first, and changes nothing', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);

    const { status, text } = await browser.get(`${pageOf(granted)}/disconnect`);

    expect(status).toBe(200);
    expect(text).toContain('Magento is not told');
    expect(text).toContain(`<a class="button" href="${pageOf(granted)}">Keep it</a>`);
    expect(await app.deps.credentials.find(granted.consumerKey)).toBeDefined();
  });

  it('answers 404 for an unknown key', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);

    const { status } = await browser.get('/console/stores/nobody/disconnect');

    expect(status).toBe(404);
  });
});

describe('POST /console/stores/:consumerKey/disconnect', () => {
  it('forgets the store, says so once on the list and logs who did it', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const other = await connect(app, { storeBaseUrl: 'https://other.example/' });
    const browser = await operatorsBrowser(app);
    const question = await browser.get(`${pageOf(granted)}/disconnect`);

    const response = await send(browser, `${pageOf(granted)}/disconnect`, question.text);

    const list = await browser.get('/console');
    const listAgain = await browser.get('/console');
    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe('/console');
    expect(await app.deps.credentials.find(granted.consumerKey)).toBeUndefined();
    expect(await app.deps.credentials.find(other.consumerKey)).toBeDefined();
    expect(list.text).toContain('shop.example is disconnected');
    expect(listAgain.text).not.toContain('shop.example');
    expect(app.logged()).toContain(
      `"event":"store_disconnected","account":"olga","activation":"${supportCode(granted.consumerKey)}"`,
    );
    expect(app.logged()).not.toContain(granted.consumerKey);
  });

  it('answers 404 the second time', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    const question = await browser.get(`${pageOf(granted)}/disconnect`);
    await send(browser, `${pageOf(granted)}/disconnect`, question.text);

    const response = await send(browser, `${pageOf(granted)}/disconnect`, question.text);

    expect(response.status).toBe(404);
    expect(response.text).toContain('This store is not connected');
  });

  it('forgets it once when two confirm at the same moment', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await operatorsBrowser(app);
    const question = await browser.get(`${pageOf(granted)}/disconnect`);

    const responses = await Promise.all(
      [1, 2].map(() => send(browser, `${pageOf(granted)}/disconnect`, question.text)),
    );

    expect(responses.map(({ status }) => status).sort()).toEqual([303, 404]);
  });

  it('works for a store whose secrets cannot be opened', async () => {
    const app = await startApp();
    const granted = await connectWithLostKey(app);
    const browser = await operatorsBrowser(app);
    const question = await browser.get(`${pageOf(granted)}/disconnect`);

    const response = await send(browser, `${pageOf(granted)}/disconnect`, question.text);

    expect(response.status).toBe(303);
    expect(await app.deps.credentials.find(granted.consumerKey)).toBeUndefined();
  });
});
