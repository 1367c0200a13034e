import { describe, expect, it } from '@jest/globals';
import { disconnectStore } from '../../src/activation/disconnect-store.js';
import { recoverExchanges } from '../../src/activation/exchange/recovery.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { supportCode } from '../../src/timeline/support-code.js';
import { identityQuery } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { connect, newIntegration, openPopup, sendForm } from '../support/popup.js';
import { popupUrlFrom } from '../support/posts.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, otherMerchant, startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const account = merchant.username;

/** What was noted of an integration, oldest first. */
async function noted(consumerKey: string, of: TestApp = app) {
  const events = await of.deps.timeline.of(consumerKey);
  return events.toReversed().map(({ at, ...event }) => {
    expect(at).toEqual(of.deps.now());
    return event;
  });
}

async function newStore(faults: Parameters<typeof startStore>[0] = {}) {
  const store = await startStore({ now: clock.now, ...faults });
  const { host, origin } = new URL(store.url);
  return { store, host, origin, integration: newIntegration(app, store) };
}

describe('what is noted of an attempt', () => {
  it('that ends well: popup, sign-in, connection, return', async () => {
    const { store, host, integration } = await newStore();

    const { response } = await connect(app, store, integration);

    expect(response.status).toBe(303);
    expect(await noted(integration.consumerKey)).toEqual([
      { kind: 'popup_opened', returnHost: host, stores: [host] },
      { kind: 'signed_in', account },
      { kind: 'connected', account, store: host },
      { kind: 'returned', account, returnHost: host },
    ]);
  });

  it('of a store that is connected already: no second connection', async () => {
    const { store, host, integration } = await newStore();
    const { visitor, fields } = await connect(app, store, integration);

    await sendForm(visitor, fields);

    const events = await noted(integration.consumerKey);
    expect(events.slice(4)).toEqual([
      { kind: 'signed_in', account },
      { kind: 'returned', account, returnHost: host },
    ]);
  });

  it('of a wrong password: that, and no name, whoever it is', async () => {
    const { store, host, integration } = await newStore();
    const { popupUrl } = await store.activate(integration.id);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);

    for (const username of [merchant.username, 'nobody@sentinel.example']) {
      await sendForm(visitor, fields, { username, password: 'sentinel password' });
    }

    const wrong = { kind: 'failed', code: 'wrong_password', returnHost: host };
    const events = await noted(integration.consumerKey);
    expect(events.slice(1)).toEqual([wrong, wrong]);
    expect(JSON.stringify(events)).not.toMatch(/sentinel|merchant/);
  });

  it('with a second factor: the question for the code, each wrong one, and the sign-in', async () => {
    const own = await startApp({ now: clock.now });
    const phone = await turnOn(own.deps, account);
    const store = await startStore({ now: clock.now });
    const { host } = new URL(store.url);
    const { popupUrl, consumerKey } = await store.activate(newIntegration(own, store).id);
    const visitor = own.visitor();
    const { fields } = await openPopup(visitor, popupUrl);
    const sendCode = (code: string) =>
      visitor
        .post('/checklogin/code')
        .type('form')
        .send({ ...fields, code });

    await sendCode('123456');
    await sendForm(visitor, fields);
    await sendCode('not a code');
    await sendCode(phone.codeAt(clock.now()));

    expect(await noted(consumerKey, own)).toEqual([
      { kind: 'popup_opened', returnHost: host, stores: [host] },
      { kind: 'failed', code: 'sign_in_required', returnHost: host },
      { kind: 'code_asked', account },
      { kind: 'failed', code: 'wrong_code', account, returnHost: host },
      { kind: 'signed_in', account },
      { kind: 'connected', account, store: host },
      { kind: 'returned', account, returnHost: host },
    ]);
  });

  it('that returns elsewhere: the question, then as always', async () => {
    const { store, host, integration } = await newStore();
    await store.activate(integration.id);
    const visitor = app.visitor();
    const popupUrl = popupUrlFrom(app, integration, 'https://admin.example');
    const { fields } = await openPopup(visitor, popupUrl);

    await sendForm(visitor, fields);
    await visitor.post('/checklogin/confirm').type('form').send(fields);

    expect(await noted(integration.consumerKey)).toEqual([
      { kind: 'popup_opened', returnHost: 'admin.example', stores: [host] },
      { kind: 'signed_in', account },
      { kind: 'question_asked', account },
      { kind: 'connected', account, store: host },
      { kind: 'returned', account, returnHost: 'admin.example' },
    ]);
  });

  it("that another account made for one's integration: which account it was", async () => {
    const { store, host, integration } = await newStore();
    await connect(app, store, integration);
    const other = otherMerchant.username;

    const { response } = await connect(app, store, integration, otherMerchant);

    expect(response.status).toBe(409);
    const events = await noted(integration.consumerKey);
    expect(events.slice(5)).toEqual([
      { kind: 'signed_in', account: other },
      { kind: 'failed', code: 'account_not_allowed', account: other, returnHost: host },
    ]);
    const refused = await app.deps.timeline.refusedSince(clock.now());
    expect(refused.has(integration.consumerKey)).toBe(true);
  });

  it('that the store fails: with the code of the failure page', async () => {
    const { store, host, integration } = await newStore({
      faults: [{ at: 'request', do: 'status-503', times: 1 }],
    });

    const { response } = await connect(app, store, integration);

    expect(response.status).toBe(502);
    expect((await noted(integration.consumerKey)).at(-1)).toEqual({
      ...{ kind: 'failed', code: 'store_unavailable', account, returnHost: host },
    });
  });

  it('for a key that no store has announced: where the popup came from; the page tells the code', async () => {
    const consumerKey = randomNonce();
    const callback = 'https://admin.example/admin/admin/integration/loginSuccessCallback/';

    const { text } = await app.visitor().get(`/login?${identityQuery(consumerKey, callback)}`);

    expect(await noted(consumerKey)).toEqual([
      { kind: 'failed', code: 'activation_unknown', returnHost: 'admin.example' },
    ]);
    expect(text).toContain(`${supportCode(consumerKey)} activation_unknown`);
    const [found] = await app.deps.timeline.withCode(supportCode(consumerKey));
    expect(found?.consumerKey).toBe(consumerKey);
  });

  it('with a return address that no Magento has: nothing of that address', async () => {
    const consumerKey = randomNonce();

    await app.visitor().get(`/login?${identityQuery(consumerKey, 'https://sentinel.example/')}`);

    expect(await noted(consumerKey)).toEqual([{ kind: 'failed', code: 'callback_refused' }]);
  });

  it('whose form was open for too long: that it has expired', async () => {
    const { store, integration } = await newStore();
    const { popupUrl } = await store.activate(integration.id);
    clock.advance(600);
    const visitor = app.visitor();
    const { page } = await openPopup(visitor, popupUrl);
    clock.advance(301);

    const { text } = await visitor.get(new URL(page.request.url).pathname).query({
      popup: new URL(page.request.url).searchParams.get('popup'),
    });

    expect(text).toContain(`${supportCode(integration.consumerKey)} activation_expired`);
    const [last] = await app.deps.timeline.of(integration.consumerKey);
    expect(last).toMatchObject({ kind: 'failed', code: 'activation_expired' });
  });
});

describe('what is noted when nobody looks on', () => {
  it('an exchange that a pass has ended well', async () => {
    const { store, host, integration } = await newStore({
      faults: [{ at: 'access', do: 'drop-before', times: 1 }],
    });
    await connect(app, store, integration);
    clock.advance(61);

    await recoverExchanges(app.deps);

    const events = await app.deps.timeline.of(integration.consumerKey);
    expect(events.slice(0, 2)).toMatchObject([
      { kind: 'connected', account, store: host },
      { kind: 'failed', code: 'grant_lost', account },
    ]);
  });

  it('an exchange that a pass has found lost', async () => {
    const { store, integration } = await newStore({
      faults: [{ at: 'access', do: 'drop-after', times: 1 }],
    });
    await connect(app, store, integration);
    clock.advance(61);

    await recoverExchanges(app.deps);
    clock.advance(3_600);
    await recoverExchanges(app.deps);

    const events = await app.deps.timeline.of(integration.consumerKey);
    expect(events.map((event) => 'code' in event && event.code)).toEqual([
      ...['already_granted', 'grant_lost', false, false],
    ]);
  });

  it('a store that never answers: once, however often it is asked', async () => {
    const { store, integration } = await newStore({
      faults: [{ at: 'access', do: 'drop-before' }],
    });
    await connect(app, store, integration);

    for (const seconds of [61, 3_600, 3_600]) {
      clock.advance(seconds);
      await recoverExchanges(app.deps);
    }

    expect(store.requests.length).toBeGreaterThan(3);
    const events = await app.deps.timeline.of(integration.consumerKey);
    expect(events.map(({ kind }) => kind)).toEqual(['failed', 'signed_in', 'popup_opened']);
  });

  it("an operator's disconnect", async () => {
    const { store, integration } = await newStore();
    await connect(app, store, integration);

    await disconnectStore(app.deps, integration.consumerKey);

    expect((await noted(integration.consumerKey)).at(-1)).toEqual({ kind: 'disconnected' });
  });
});

describe('a Redis that takes no timeline', () => {
  it('costs the merchant nothing: popup, sign-in and return go on', async () => {
    const own = await startApp();
    const store = await startStore();
    const integration = newIntegration(own, store);
    // A text in the place of the stream, so that nothing can be added to it.
    await own.redis.set(`${own.prefix}events:{${integration.consumerKey}}`, 'in the way');

    const { response, activation } = await connect(own, store, integration);

    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(activation.successCallbackUrl);
    expect(own.logged()).toContain('"event":"timeline_not_written"');
  });
});
