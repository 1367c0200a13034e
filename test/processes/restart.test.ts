import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { accountStore } from '../../src/accounts/account-store.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { isGone, newDataDir, serverPid } from '../redis/support.js';
import { hiddenFields } from '../support/activation.js';
import { openPopup, sendForm } from '../support/popup.js';
import { merchant, operator } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { embeddedRedis, environment, startMain, type Child } from './child.js';

type App = Child & { readonly url: string };

/** An app with one store connected, and another whose popup is pending. */
async function appWithRecords() {
  const dataDir = await newDataDir();
  const app = await startMain(environment(dataDir));
  const accounts = accountStore(embeddedRedis(dataDir), 'mi:', () => new Date());
  await accounts.add(merchant.username, 'merchant', merchant.password);
  await accounts.add(operator.username, 'operator', operator.password);
  const [connected, pending] = [await startStore(), await startStore()];
  const visitor = supertest.agent(app.url);
  const { fields } = await openPopup(visitor, (await activate(app, connected)).popupUrl);
  const response = await sendForm(visitor, fields);
  expect(response.status).toBe(303);
  const { popupUrl } = await activate(app, pending);
  return { dataDir, app, connected, pending, popupUrl };
}

function activate(app: App, store: SampleStore) {
  const { id } = store.addIntegration({
    name: 'Demo',
    endpointUrl: `${app.url}/endpoint`,
    identityUrl: `${app.url}/login`,
  });
  return store.activate(id);
}

/** Has an operator ask for a signed call with the stored credential, and answers what the store said to it. */
async function signedCallFrom(app: App, store: SampleStore) {
  const browser = supertest.agent(app.url);
  const form = await browser.get('/console/sign-in');
  const { username, password } = operator;
  await browser
    .post('/console/sign-in')
    .type('form')
    .send({ ...hiddenFields(form.text), username, password });
  const page = `/console/stores/${store.integrations()[0]?.consumerKey ?? ''}`;
  const shown = await browser.get(page);
  const before = store.requests.length;
  await browser.post(`${page}/check`).type('form').send(hiddenFields(shown.text));
  return store.requests.slice(before).map(({ path, status }) => ({ path, status }));
}

const answeredCall = [{ path: '/rest/V1/store/storeConfigs', status: 200 }];

/** Signs in to the pending activation in a new browser. */
async function signInTo(app: App, popupUrl: string) {
  const visitor = supertest.agent(app.url);
  const { page, fields } = await openPopup(visitor, popupUrl);
  return { page, response: await sendForm(visitor, fields) };
}

/** Asks until the app says that it is ready. */
async function untilReady(app: App): Promise<void> {
  while ((await fetch(`${app.url}/readyz`)).status !== 200);
}

describe('a pending activation and a credential outlive', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`a restart of the app after ${signal}`, async () => {
      const { dataDir, app, connected, pending, popupUrl } = await appWithRecords();
      app.kill(signal);
      await app.ended;

      const again = await startMain(environment(dataDir));

      const { page, response } = await signInTo(again, popupUrl);
      expect(page.status).toBe(200);
      expect(page.text).toContain('Sign in and connect');
      expect(response.status).toBe(303);
      expect(pending.integrations()).toMatchObject([{ status: 'active' }]);
      expect(await signedCallFrom(again, connected)).toEqual(answeredCall);
    });
  }

  it('the death of the embedded Redis under the running app', async () => {
    const { dataDir, app, connected, pending, popupUrl } = await appWithRecords();
    const client = embeddedRedis(dataDir);
    const pid = await serverPid(client);
    client.disconnect();
    process.kill(pid, 'SIGKILL');
    await app.line('redis_lost');
    await app.line('redis_back');
    await untilReady(app);

    const { page, response } = await signInTo(app, popupUrl);

    expect(await isGone(pid)).toBe(true);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Sign in and connect');
    expect(response.status).toBe(303);
    expect(pending.integrations()).toMatchObject([{ status: 'active' }]);
    expect(await signedCallFrom(app, connected)).toEqual(answeredCall);
  });

  it('both at once, the app and its Redis killed', async () => {
    const { dataDir, app, connected, popupUrl } = await appWithRecords();
    const pid = await serverPid(embeddedRedis(dataDir));
    process.kill(pid, 'SIGKILL');
    app.kill('SIGKILL');
    await app.ended;

    const again = await startMain(environment(dataDir));

    const { response } = await signInTo(again, popupUrl);
    expect(response.status).toBe(303);
    expect(await signedCallFrom(again, connected)).toEqual(answeredCall);
  });
});

describe('the embedded Redis', () => {
  it('stops with the app that started it', async () => {
    const dataDir = await newDataDir();
    const app = await startMain(environment(dataDir));
    const client = embeddedRedis(dataDir);
    const pid = await serverPid(client);
    client.disconnect();

    app.kill('SIGTERM');
    await app.ended;

    expect(await isGone(pid)).toBe(true);
  });

  it('serves a second app in the same folder until the last of them stops', async () => {
    const dataDir = await newDataDir();
    const [one, other] = [
      await startMain(environment(dataDir)),
      await startMain(environment(dataDir)),
    ];
    const client = embeddedRedis(dataDir);
    const pid = await serverPid(client);
    client.disconnect();

    one.kill('SIGTERM');
    await one.ended;
    const ready = await fetch(`${other.url}/readyz`);
    other.kill('SIGTERM');
    await other.ended;

    expect(ready.status).toBe(200);
    expect(await isGone(pid)).toBe(true);
  });
});
