import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { startHeldStore } from '../support/held-store.js';
import {
  callsOf,
  connect,
  integrationNow,
  newIntegration,
  openPopup,
  sendForm,
} from '../support/popup.js';
import { popupUrlFrom } from '../support/posts.js';
import { merchant, operator, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const app = await startApp();
const exchange = [
  'POST oauth/token/request 200',
  'POST oauth/token/access 200',
  'GET rest/V1/store/storeConfigs 200',
];

describe('POST /checklogin', () => {
  it('connects the store, stores a credential that works and returns byte for byte', async () => {
    const store = await startStore();

    const { response, activation, integration } = await connect(app, store);

    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(activation.successCallbackUrl);
    expect(callsOf(store)).toEqual(exchange);
    const credential = await app.deps.credentials.find(activation.consumerKey);
    expect(credential).toMatchObject({
      storeBaseUrl: store.url,
      account: merchant.username,
      lastCheck: { result: 'connected' },
    });
    const [row] = integrationNow(store, integration).tokens;
    expect(app.deps.credentials.open(credential!)).toEqual({
      consumerSecret: integration.consumerSecret,
      accessToken: row?.token,
      accessTokenSecret: row?.secret,
    });
  });

  it('has the credential stored before Magento is told to look', async () => {
    const store = await startStore();

    const { activation } = await connect(app, store);

    const record = await app.redis.get(`${app.prefix}credential:{${activation.consumerKey}}`);
    expect(record).toContain('v1.test.');
    expect(await app.deps.activations.find(activation.consumerKey)).toMatchObject({
      state: 'connected',
      candidates: [],
    });
  });

  it('answers a wrong password with 401 and the form again, and asks the store nothing', async () => {
    const store = await startStore();
    const activation = await store.activate(newIntegration(app, store).id);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const wrong = await sendForm(visitor, fields, { ...merchant, password: 'not this one' });
    const right = await sendForm(visitor, fields);

    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('The username or the password is not right.');
    expect(wrong.text).toContain('name="password"');
    expect(right.status).toBe(303);
    expect(callsOf(store)).toEqual(exchange);
  });

  for (const [who, person] of Object.entries({
    'an unknown name': { username: 'nobody', password: merchant.password },
    'an empty password': { username: merchant.username, password: '' },
    'a password of 2,000 characters': { username: merchant.username, password: 'x'.repeat(2000) },
  })) {
    it(`answers ${who} as a wrong password`, async () => {
      const store = await startStore();

      const { response } = await connect(app, store, undefined, person);

      expect(response.status).toBe(401);
      expect(store.requests).toEqual([]);
    });
  }

  it('does not let a disabled account in', async () => {
    const store = await startStore();
    await app.deps.accounts.add('gone@merchant.example', 'merchant', 'a password of mine');
    await app.deps.accounts.disable('gone@merchant.example');

    const { response } = await connect(app, store, undefined, {
      username: 'gone@merchant.example',
      password: 'a password of mine',
    });

    expect(response.status).toBe(401);
  });

  it('lets an operator sign in in the popup, whatever capitals the name is typed in', async () => {
    const { response } = await connect(app, await startStore(), undefined, {
      ...operator,
      username: ' OLGA',
    });

    expect(response.status).toBe(303);
  });

  const forged: Record<string, (fields: Record<string, string>) => Record<string, string>> = {
    'without a token': ({ popup }) => ({ popup: popup! }),
    'with another token': ({ popup }) => ({ popup: popup!, _csrf: 'A'.repeat(43) }),
    'with an empty token': ({ popup }) => ({ popup: popup!, _csrf: '' }),
    'without a popup': ({ _csrf }) => ({ _csrf: _csrf! }),
    'with a popup named __proto__': ({ _csrf }) => ({ popup: '__proto__', _csrf: _csrf! }),
  };
  for (const [how, forge] of Object.entries(forged)) {
    it(`refuses a form ${how} with 403`, async () => {
      const store = await startStore();
      const activation = await store.activate(newIntegration(app, store).id);
      const visitor = app.visitor();
      const { fields } = await openPopup(visitor, activation.popupUrl);

      const response = await sendForm(visitor, forge(fields));

      expect(response.status).toBe(403);
      expect(store.requests).toEqual([]);
    });
  }

  it('refuses the token of another popup of the same browser', async () => {
    const store = await startStore();
    const visitor = app.visitor();
    const one = await openPopup(
      visitor,
      (await store.activate(newIntegration(app, store).id)).popupUrl,
    );
    const two = await openPopup(
      visitor,
      (await store.activate(newIntegration(app, store).id)).popupUrl,
    );

    const response = await sendForm(visitor, { ...one.fields, _csrf: two.fields['_csrf']! });

    expect(response.status).toBe(403);
  });

  it("refuses the token of another browser, and another browser's popup", async () => {
    const store = await startStore();
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const [mine, theirs] = [app.visitor(), app.visitor()];
    const { fields } = await openPopup(mine, popupUrl);
    const { fields: other } = await openPopup(theirs, popupUrl);

    const withTheirToken = await sendForm(mine, { ...fields, _csrf: other['_csrf']! });
    const inTheirPopup = await sendForm(mine, other);

    expect([withTheirToken.status, inTheirPopup.status]).toEqual([403, 403]);
    expect(store.requests).toEqual([]);
  });

  it('ends the exchange of a browser that has left, and lets the popup be opened again', async () => {
    const store = await startHeldStore();
    const activation = await store.activate(newIntegration(app, store).id);
    const popupUrl = popupUrlFrom(app, activation, store.url);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);
    const held = store.holdReplyTo('oauth/token/request');
    const sending = sendForm(visitor, fields);
    const left = sending.then(
      () => false,
      () => true,
    );
    await held.given;

    sending.abort();
    const hasLeft = await left;
    const before = await app.deps.credentials.find(activation.consumerKey);
    held.letGo();
    while (!(await app.deps.credentials.find(activation.consumerKey))) await pause(10);
    const again = await openPopup(visitor, popupUrl);
    const answer = await sendForm(visitor, again.fields);

    expect([hasLeft, before]).toEqual([true, undefined]);
    expect(again.page.status).toBe(200);
    expect(answer.status).toBe(303);
    expect(callsOf(store).filter((call) => call.includes('oauth/token'))).toEqual(
      exchange.slice(0, 2),
    );
  });

  it('moves the person to a new session and leaves the old one anonymous', async () => {
    const store = await startStore();
    const activation = await store.activate(newIntegration(app, store).id);
    const visitor = app.visitor();
    const { page, fields } = await openPopup(visitor, activation.popupUrl);
    const oldCookie = cookieOf(page.headers);

    const response = await sendForm(visitor, fields);

    const newCookie = cookieOf(response.headers);
    expect(newCookie).not.toBe(oldCookie);
    expect(await sessionOf(newCookie)).toHaveProperty('person.name', merchant.username);
    expect(await sessionOf(oldCookie)).not.toHaveProperty('person');
    expect(await sessionOf(oldCookie)).toHaveProperty(['popups', fields['popup']!]);
  });

  it('completes two popups of one browser, each its own, in any order', async () => {
    const [storeOne, storeTwo] = [await startStore(), await startStore()];
    const visitor = app.visitor();
    const first = await storeOne.activate(newIntegration(app, storeOne).id);
    const second = await storeTwo.activate(newIntegration(app, storeTwo).id);
    const one = await openPopup(visitor, first.popupUrl);
    const two = await openPopup(visitor, second.popupUrl);

    const afterTwo = await sendForm(visitor, two.fields);
    const afterOne = await sendForm(visitor, one.fields);

    expect(afterTwo.headers['location']).toBe(second.successCallbackUrl);
    expect(afterOne.headers['location']).toBe(first.successCallbackUrl);
  });

  it('keeps every popup of one browser, though they were opened at once', async () => {
    const store = await startStore();
    const visitor = app.visitor();
    await openPopup(visitor, (await store.activate(newIntegration(app, store).id)).popupUrl);
    const activations = await Promise.all(
      [1, 2, 3, 4].map(() => store.activate(newIntegration(app, store).id)),
    );

    const popups = await Promise.all(
      activations.map(({ popupUrl }) => openPopup(visitor, popupUrl)),
    );
    const answers = [];
    for (const { fields } of popups) answers.push(await sendForm(visitor, fields));

    expect(answers.map(({ headers }) => String(headers['location']))).toEqual(
      activations.map(({ successCallbackUrl }) => successCallbackUrl),
    );
  });

  it('takes a form that was open before the sign-in with the old cookie, too', async () => {
    const store = await startStore();
    const visitor = app.visitor();
    const activation = await store.activate(newIntegration(app, store).id);
    const { page, fields } = await openPopup(visitor, activation.popupUrl);
    await sendForm(visitor, fields);

    const again = await app
      .visitor()
      .post('/checklogin')
      .set('Cookie', cookieOf(page.headers))
      .type('form')
      .send({ ...fields, ...merchant });
    const wrong = await app
      .visitor()
      .post('/checklogin')
      .set('Cookie', cookieOf(page.headers))
      .type('form')
      .send({ ...fields, ...merchant, password: 'not this one' });

    expect(again.status).toBe(303);
    expect(wrong.status).toBe(401);
    expect(callsOf(store)).toEqual(exchange);
  });

  it('runs one exchange for a form that is sent twice, with one outcome for both', async () => {
    const store = await startStore({ faults: [{ at: 'access', do: 'slow', ms: 300, times: 1 }] });
    const activation = await store.activate(newIntegration(app, store).id);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const responses = await Promise.all([1, 2, 3].map(() => sendForm(visitor, fields)));

    expect(responses.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(new Set(responses.map(({ headers }) => String(headers['location'])))).toEqual(
      new Set([activation.successCallbackUrl]),
    );
    expect(callsOf(store).filter((call) => call.startsWith('POST'))).toEqual(exchange.slice(0, 2));
  });

  it('gives the linked account the same 303 again without asking for a token', async () => {
    const store = await startStore();
    const { visitor, fields, activation } = await connect(app, store);

    const again = await sendForm(visitor, fields);

    expect(again.status).toBe(303);
    expect(again.headers['location']).toBe(activation.successCallbackUrl);
    expect(callsOf(store)).toEqual(exchange);
  });

  it('refuses an integration that is linked to another account with 409', async () => {
    const store = await startStore();
    const { activation } = await connect(app, store);
    const visitor = app.visitor();
    const { page, fields } = await openPopup(visitor, activation.popupUrl);

    const response = await sendForm(visitor, fields, otherMerchant);

    expect(page.status).toBe(200);
    expect(response.status).toBe(409);
    expect(response.text).toContain('belongs to another account');
    expect(response.headers).not.toHaveProperty('location');
  });

  it('lets the first account to sign in claim the activation, even if the exchange failed', async () => {
    const store = await startStore({ faults: [{ at: 'request', do: 'status-503' }] });
    const { activation } = await connect(app, store);
    store.setFaults([]);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const other = await sendForm(visitor, fields, otherMerchant);
    const first = await sendForm(visitor, fields, merchant);

    expect(other.status).toBe(409);
    expect(first.status).toBe(303);
  });

  it('asks before it returns to another origin than the store, and then connects', async () => {
    const store = await startStore({ baseUrl: (own) => own.replace('localhost', '127.0.0.1') });
    const { response, visitor, fields, activation } = await connect(app, store);
    const asked = callsOf(store);

    const confirmed = await visitor.post('/checklogin/confirm').type('form').send(fields);

    const returnHost = new URL(activation.successCallbackUrl).host;
    expect(response.status).toBe(200);
    expect(response.text).toContain(`return to <span class="host">${returnHost}</span>?`);
    expect(response.text).not.toContain('loginSuccessCallback');
    expect(response.headers['content-security-policy']).toContain(`http://${returnHost}`);
    expect(asked).toEqual([]);
    expect(confirmed.status).toBe(303);
    expect(confirmed.headers['location']).toBe(activation.successCallbackUrl);
    expect(callsOf(store)).toEqual(exchange);
  });

  it('takes no confirmation from a browser in which nobody signed in', async () => {
    const store = await startStore({ baseUrl: (own) => own.replace('localhost', '127.0.0.1') });
    const activation = await store.activate(newIntegration(app, store).id);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const response = await visitor.post('/checklogin/confirm').type('form').send(fields);

    expect(response.status).toBe(403);
    expect(store.requests).toEqual([]);
  });

  it('answers other methods with 405', async () => {
    const response = await app.visitor().get('/checklogin');

    expect(response.status).toBe(405);
  });
});

function cookieOf(headers: Record<string, unknown>): string {
  const [cookie = ''] = headers['set-cookie'] as string[];
  return cookie.split(';')[0] ?? '';
}

async function sessionOf(cookie: string): Promise<unknown> {
  const id =
    decodeURIComponent(cookie)
      .replace(/^mi=s:/, '')
      .split('.')[0] ?? '';
  return JSON.parse((await app.redis.get(`${app.prefix}session:${id}`)) ?? 'null');
}
