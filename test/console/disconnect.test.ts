import { describe, expect, it } from '@jest/globals';
import { supportCode } from '../../src/timeline/support-code.js';
import {
  callsOf,
  connect as activateAndSignIn,
  integrationNow,
  openPopup,
  sendForm,
} from '../support/popup.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
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

  it('ends an exchange that waits for the store: what that grants late is not kept', async () => {
    const [app, store] = [await startApp(), await startStore()];
    const { integration } = await activateAndSignIn(app, store);
    const browser = await operatorsBrowser(app);
    const question = await browser.get(`${pageOf(integration)}/disconnect`);
    const visitor = app.visitor();
    const { popupUrl } = await store.reauthorize(integration.id);
    const { fields } = await openPopup(visitor, popupUrl);
    const before = callsOf(store);
    store.setFaults([{ at: 'access', do: 'slow', ms: 3_000, times: 1 }]);
    const signIn = sendForm(visitor, fields).then((response) => response);
    while (!isAsking(callsOf(store))) await new Promise((resolve) => setTimeout(resolve, 5));

    const response = await send(browser, `${pageOf(integration)}/disconnect`, question.text);

    const isStillAsking = isAsking(callsOf(store));
    const page = await signIn;
    const again = await openPopup(app.visitor(), popupUrl);
    const { consumerKey } = integration;
    expect([response.status, isStillAsking]).toEqual([303, true]);
    expect(callsOf(store).slice(before.length)).toEqual([
      'POST oauth/token/request 200',
      'POST oauth/token/access 200',
    ]);
    expect(integrationNow(store, integration).tokens[0]?.type).toBe('access');
    expect(page.status).toBe(409);
    expect(page.text).toContain(`${supportCode(consumerKey)} disconnected`);
    expect(again.page.text).toContain('This store was disconnected here.');
    expect(await app.deps.activations.find(consumerKey)).toMatchObject({
      state: 'disconnected',
      generation: 1,
      candidates: [],
    });
    expect(await app.deps.credentials.find(consumerKey)).toBeUndefined();
    expect(await app.deps.credentials.list()).toEqual([]);
    expect(await app.deps.spool.names()).toEqual([]);
  });
});

/** Whether the access call has arrived at the store and is not answered yet. */
function isAsking(calls: readonly string[]): boolean {
  return calls.includes('POST oauth/token/access unanswered');
}
