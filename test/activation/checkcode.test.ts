import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { hiddenFields } from '../support/activation.js';
import { callsOf, newIntegration, openPopup, sendForm } from '../support/popup.js';
import { popupUrlFrom } from '../support/posts.js';
import { turnOn } from '../support/second-factor.js';
import { merchant, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

/** A merchant with a second factor who has given the password in the popup. */
async function afterPassword({ from }: { readonly from?: string } = {}) {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const store = await startStore({ now: clock.now });
  const phone = await turnOn(app.deps, merchant.username);
  const integration = newIntegration(app, store);
  const activation = await store.activate(integration.id);
  const visitor = app.visitor();
  const address = from === undefined ? activation.popupUrl : popupUrlFrom(app, integration, from);
  const { fields } = await openPopup(visitor, address);
  const page = await sendForm(visitor, fields);
  const sendCode = (code: string, browser = visitor) =>
    browser
      .post('/checklogin/code')
      .type('form')
      .send({ ...hiddenFields(page.text), code });
  const code = () => phone.codeAt(clock.now());
  return {
    clock,
    app,
    store,
    phone,
    integration,
    activation,
    visitor,
    fields,
    page,
    sendCode,
    code,
  };
}

describe('POST /checklogin by somebody with a second factor', () => {
  it('asks for a code, before anything is sent to the store', async () => {
    const { store, page } = await afterPassword();

    expect(page.status).toBe(200);
    expect(page.text).toContain('action="/checklogin/code"');
    expect(page.text).toMatch(
      /<input id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"/,
    );
    expect(callsOf(store)).toEqual([]);
  });

  it('signs nobody in', async () => {
    const { app, visitor, fields } = await afterPassword();

    const confirmed = await visitor.post('/checklogin/confirm').type('form').send(fields);

    expect(confirmed.status).toBe(403);
    expect((await app.redis.keys(`${app.prefix}session:*`)).length).toBeGreaterThan(0);
    for (const key of await app.redis.keys(`${app.prefix}session:*`)) {
      expect(await app.redis.get(key)).not.toContain('"person"');
    }
  });
});

describe('POST /checklogin/code', () => {
  it('connects the store and returns, with the exact address', async () => {
    const { store, activation, sendCode, code } = await afterPassword();

    const response = await sendCode(code());

    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(
      new URL(activation.popupUrl).searchParams.get('success_call_back'),
    );
    expect(callsOf(store).slice(0, 2)).toEqual([
      'POST oauth/token/request 200',
      'POST oauth/token/access 200',
    ]);
  });

  it('takes a recovery code in the same field', async () => {
    const { sendCode, phone } = await afterPassword();

    expect((await sendCode(phone.recoveryCodes[0] ?? '')).status).toBe(303);
  });

  it('asks next where to return to, as after a password alone', async () => {
    const { visitor, store, sendCode, code } = await afterPassword({
      from: 'http://admin.localhost:4999',
    });

    const question = await sendCode(code());
    const answer = await visitor
      .post('/checklogin/confirm')
      .type('form')
      .send({ ...hiddenFields(question.text), store: new URL(store.url).origin });

    expect(question.status).toBe(200);
    expect(question.text).toContain('and return to');
    expect(answer.status).toBe(303);
  });

  it('shows the form again for a wrong code, with 401, and sends nothing', async () => {
    const { store, sendCode, code } = await afterPassword();

    const wrong = await sendCode('hunter');
    const right = await sendCode(code());

    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('That code is not right');
    expect(wrong.text).toContain('action="/checklogin/code"');
    expect(right.status).toBe(303);
    expect(callsOf(store).length).toBeGreaterThan(0);
  });

  it('asks for the password again after five wrong codes', async () => {
    const { store, sendCode, code } = await afterPassword();
    for (let turn = 0; turn < 5; turn += 1) await sendCode('hunter');

    const sixth = await sendCode(code());
    const seventh = await sendCode(code());

    expect([sixth.status, seventh.status]).toEqual([429, 401]);
    for (const { text } of [sixth, seventh]) expect(text).toContain('name="password"');
    expect(sixth.text).toContain('There were too many wrong codes.');
    expect(callsOf(store)).toEqual([]);
  });

  it('waits five minutes for the code', async () => {
    const { clock, store, sendCode, code } = await afterPassword();
    clock.advance(300);

    const response = await sendCode(code());

    expect(response.status).toBe(401);
    expect(response.text).toContain('name="password"');
    expect(callsOf(store)).toEqual([]);
  });

  it('belongs to one popup: another one of the same browser asks for the password', async () => {
    const { app, activation, visitor, store, code } = await afterPassword();
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const response = await visitor
      .post('/checklogin/code')
      .type('form')
      .send({ ...fields, code: code() });

    expect(response.status).toBe(401);
    expect(response.text).toContain('name="password"');
    expect(callsOf(store)).toEqual([]);
    expect(app.logged()).not.toContain('merchant_returned');
  });

  it('refuses another browser, and a form without the token', async () => {
    const { app, visitor, fields, sendCode, code } = await afterPassword();

    const stranger = await sendCode(code(), app.visitor());
    const bare = await visitor
      .post('/checklogin/code')
      .type('form')
      .send({ popup: fields['popup'], code: code() });

    expect([stranger.status, bare.status]).toEqual([403, 403]);
  });

  it('refuses an account that was disabled after its password', async () => {
    const { app, store, sendCode, code } = await afterPassword();
    await app.deps.accounts.disable(merchant.username);

    const response = await sendCode(code());

    expect(response.status).toBe(401);
    expect(callsOf(store)).toEqual([]);
  });

  it("takes no code of somebody else's", async () => {
    const { app, clock, sendCode } = await afterPassword();
    const other = await turnOn(app.deps, otherMerchant.username);

    expect((await sendCode(other.codeAt(clock.now()))).status).toBe(401);
  });

  it('takes POST alone', async () => {
    const app = await startApp();

    const response = await app.visitor().get('/checklogin/code');

    expect([response.status, response.headers['allow']]).toEqual([405, 'POST']);
  });

  it('logs no code and no secret', async () => {
    const { app, phone, sendCode, code } = await afterPassword();
    await sendCode('hunter');
    const used = code();
    await sendCode(used);

    expect(app.logged()).toContain(
      '"event":"second_factor_refused","account":"mia@merchant.example"',
    );
    for (const hidden of ['hunter', used, phone.secret]) expect(app.logged()).not.toContain(hidden);
  });
});
