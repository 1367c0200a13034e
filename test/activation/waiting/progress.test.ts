import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'supertest';
import { recoverExchanges } from '../../../src/activation/exchange/recovery.js';
import type { SampleStoreOptions } from '../../../src/sample-store/sample-store.js';
import { expectFailure } from '../../support/failure-page.js';
import { fakeClock } from '../../support/fake-clock.js';
import { startHeldStore, type HeldReply } from '../../support/held-store.js';
import {
  afterWaiting,
  callsOf,
  connect,
  newIntegration,
  openPopup,
  sendForm,
  type Visitor,
} from '../../support/popup.js';
import { popupUrlFrom } from '../../support/posts.js';
import { merchant, otherMerchant, startApp, type TestApp } from '../../support/start-app.js';
import { startStore } from '../../support/start-store.js';

const clock = fakeClock();
const adminUrl = 'http://admin.example';

/** An app that shows the progress page soon, since a test holds its store up anyway. */
const impatientApp = (prefix?: string) =>
  startApp({ now: clock.now, progressAfterMs: 50, ...(prefix && { prefix }) });
const app = await impatientApp();

interface Options {
  readonly hold?: 'oauth/token/request' | 'oauth/token/access' | 'rest/V1/store';
  readonly store?: SampleStoreOptions;
  /** Where the popup was opened; at the store itself if nothing is said. */
  readonly from?: string;
  readonly at?: TestApp;
}

/** A sign-in whose store has done its work, while the reply is on its way for as long as the test likes. */
async function waitingSignIn({ hold, store: options, from, at = app }: Options = {}) {
  const store = await startHeldStore({ now: clock.now, ...options });
  const integration = newIntegration(at, store);
  await store.activate(integration.id);
  const popupUrl = popupUrlFrom(at, integration, from ?? store.url);
  const visitor = at.visitor();
  const { fields } = await openPopup(visitor, popupUrl);
  const held = store.holdReplyTo(hold ?? 'oauth/token/request');
  let response = await sendForm(visitor, fields);
  if (from) response = await visitor.post('/checklogin/confirm').type('form').send(fields);
  await held.given;
  const location = new URL(popupUrl).searchParams.get('success_call_back');
  return { store, integration, popupUrl, location, visitor, fields, held, response };
}

/** Where the page looks again, as the browser reads it. */
function nextOf({ text }: { text: string }): string {
  return /<meta http-equiv="refresh" content="2;url=([^"]+)">/.exec(text)?.[1] ?? 'nowhere';
}

/** What the page says of each step. */
function stepsOf({ text }: { text: string }): string[] {
  return [...text.matchAll(/<li[^>]*>.*?<\/svg> ([^<]*) <small>([^<]*)</g)].map(
    ([, step = '', word = '']) => `${step}: ${word}`,
  );
}

/** What the page comes to once the held reply has arrived. */
async function endOf({
  visitor,
  response,
  held,
}: {
  readonly visitor: Visitor;
  readonly response: Response;
  readonly held: HeldReply;
}) {
  held.letGo();
  return afterWaiting(visitor, response);
}

/** An exchange whose process begins no more calls: the record says what was announced, and nothing of an end. */
async function abandoned(options: Options = {}) {
  const dying = await impatientApp(app.prefix);
  const waiting = await waitingSignIn({ ...options, at: dying });
  dying.deps.storeHttp.refuseCalls();
  waiting.held.letGo();
  while (!dying.logged().includes('exchange_ended_late')) await pause(10);
  const cookies = [waiting.response.headers['set-cookie']].flat().map(String);
  const cookie = cookies.map((one) => one.split(';')[0]).join('; ');
  const path = nextOf(waiting.response);
  const look = () => app.visitor().get(path).set('Cookie', cookie);
  const follow = (to: string) => app.visitor().get(to).set('Cookie', cookie);
  return { ...waiting, look, follow };
}

describe('a sign-in whose store is slow', () => {
  it('is answered with the steps, and comes to the 303 byte for byte', async () => {
    const waiting = await waitingSignIn();
    const { response, visitor, location } = waiting;

    const again = await visitor.get(nextOf(response));
    const end = await endOf(waiting);

    expect([response.status, again.status]).toEqual([200, 200]);
    expect(stepsOf(response)).toEqual([
      'Store reached: under way',
      'Request accepted: still to come',
      'Access granted: still to come',
      'Connection checked: still to come',
    ]);
    expect(response.text.match(/aria-current="step"/g)).toHaveLength(1);
    expect(stepsOf(again)).toEqual(stepsOf(response));
    expect(response.text + again.text).not.toContain('loginSuccessCallback');
    expect([end.status, end.headers['location']]).toEqual([303, location]);
  });

  for (const [hold, steps] of Object.entries({
    'oauth/token/access': ['done', 'done', 'under way', 'still to come'],
    'rest/V1/store': ['done', 'done', 'done', 'under way'],
  })) {
    it(`shows what is done by the time of ${hold}`, async () => {
      const waiting = await waitingSignIn({ hold: hold as NonNullable<Options['hold']> });

      const { text } = await waiting.visitor.get(nextOf(waiting.response));
      const end = await endOf(waiting);

      expect(stepsOf({ text }).map((step) => step.split(': ')[1])).toEqual(steps);
      expect(end.status).toBe(303);
    });
  }

  it('waits three seconds before it says so', async () => {
    const patient = await startApp();
    const store = await startStore({ faults: [{ at: 'access', do: 'slow', ms: 3_400, times: 1 }] });
    const quickStore = await startStore({
      faults: [{ at: 'access', do: 'slow', ms: 1_500, times: 1 }],
    });
    const startedAt = performance.now();

    const [slow, quick] = await Promise.all([
      connect(patient, store),
      connect(patient, quickStore),
    ]);
    const tookMs = performance.now() - startedAt;
    const end = await afterWaiting(slow.visitor, slow.response);

    expect([slow.response.status, quick.response.status]).toEqual([200, 303]);
    expect(tookMs).toBeGreaterThanOrEqual(3_000);
    expect(end.headers['location']).toBe(slow.activation.successCallbackUrl);
  }, 20_000);

  it('is answered so after a question, too, and the way back is remembered', async () => {
    const waiting = await waitingSignIn({ from: adminUrl });

    const end = await endOf(waiting);

    const credential = await app.deps.credentials.find(waiting.integration.consumerKey);
    expect(waiting.response.status).toBe(200);
    expect(end.headers['location']).toBe(waiting.location);
    expect(credential?.returnOrigins).toEqual([adminUrl]);
  });

  it('goes on when the browser does not come back, and remembers the way back', async () => {
    const { held, integration } = await waitingSignIn({ from: adminUrl });

    held.letGo();

    const find = () => app.deps.credentials.find(integration.consumerKey);
    while (!(await find())?.returnOrigins) await pause(10);
    expect((await find())?.lastCheck?.result).toBe('connected');
  });

  it('gives the page to a second sign-in that looks on, and the same end', async () => {
    const waiting = await waitingSignIn();
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, waiting.popupUrl);

    const second = await sendForm(visitor, fields);
    const ends = [await endOf(waiting), await afterWaiting(visitor, second)];

    expect(second.status).toBe(200);
    expect(ends.map(({ headers }) => String(headers['location']))).toEqual([
      waiting.location,
      waiting.location,
    ]);
    expect(callsOf(waiting.store)).toHaveLength(3);
  });
});

describe('an exchange that fails while the page waits', () => {
  const failures = {
    store_unavailable: ['oauth/token/request', { at: 'request', do: 'status-503' }],
    credential_refused: ['rest/V1/store', { at: 'rest', do: 'token-gone' }],
  } as const;
  for (const [code, [hold, fault]] of Object.entries(failures)) {
    it(`ends in the page and the status of ${code}`, async () => {
      const waiting = await waitingSignIn({ hold, store: { faults: [fault] } });

      const end = await endOf(waiting);
      const again = await waiting.visitor.get(nextOf(waiting.response));

      expectFailure(end, code as 'store_unavailable');
      expectFailure(again, code as 'store_unavailable');
      expect(app.logged()).toMatch(new RegExp(`"exchange_ended_late".*"code":"${code}"`));
    });
  }

  it('can be tried again, from a link to the same popup', async () => {
    const waiting = await waitingSignIn({
      store: { faults: [{ at: 'request', do: 'status-503', times: 1 }] },
    });
    const { text } = await endOf(waiting);
    const [, link = ''] = /<a class="button main" href="([^"]+)"/.exec(text) ?? [];

    const form = await waiting.visitor.get(link);
    const response = await sendForm(waiting.visitor, waiting.fields);

    expect(form.text).toContain('The store is in maintenance or overloaded.');
    const end = await afterWaiting(waiting.visitor, response);
    expect(end.headers['location']).toBe(waiting.location);
  });

  it('says that an operator disconnected the store', async () => {
    const { visitor, response, integration, held } = await waitingSignIn();
    await app.deps.activations.change(integration.consumerKey, (current) =>
      current
        ? {
            ...{ consumerKey: current.consumerKey, candidates: [], generation: 1 },
            ...{ version: current.version + 1, state: 'disconnected', disconnectedAt: clock.now() },
          }
        : undefined,
    );

    const end = await afterWaiting(visitor, response);
    held.letGo();

    expectFailure(end, 'disconnected');
  });
});

describe('an exchange whose process died', () => {
  it('is waited for in another process, until its pass ends it', async () => {
    const { look, location, integration } = await abandoned({ from: adminUrl });
    const before = await look();
    clock.advance(61);
    await recoverExchanges(app.deps);

    const end = await look();

    const credential = await app.deps.credentials.find(integration.consumerKey);
    expect(stepsOf(before)[2]).toBe('Access granted: under way');
    expect([end.status, end.headers['location']]).toEqual([303, location]);
    expect(credential?.returnOrigins).toEqual([adminUrl]);
  });

  it('is not waited for without end: after its lease and some seconds the form tells where it stands', async () => {
    const { look, follow } = await abandoned();
    clock.advance(74);
    const before = await look();
    clock.advance(2);

    const end = await look();
    const form = await follow(String(end.headers['location']));

    expect(before.status).toBe(200);
    expect([end.status, end.headers['location']]).toEqual([
      303,
      expect.stringMatching(/^\/login\?popup=[\w-]{43}$/),
    ]);
    expect(form.text).toContain('Half of it is done');
    expect(form.text).toContain('name="password"');
  });

  it('before it held anything is told of in the form, too, once its lease is over', async () => {
    const dying = await impatientApp(app.prefix);
    dying.deps.storeHttp.refuseCalls();
    const store = await startStore({ now: clock.now });
    const { response, visitor, fields } = await connect(dying, store);
    clock.advance(61);

    const form = await visitor.get(`/login?popup=${fields['popup']!}`);

    expectFailure(response, 'stopping');
    expect(form.text).toContain('This store is being connected at this moment.');
  });

  it('is not taken for a success between the refusal of its first call and the record of it', async () => {
    const { visitor, response, integration, held } = await waitingSignIn({ hold: 'rest/V1/store' });
    const credential = await app.deps.credentials.find(integration.consumerKey);
    const refusal = { at: clock.now(), result: 'refused', detail: 'for the test' } as const;
    await app.deps.credentials.recordCheck(credential!, refusal);

    const page = await visitor.get(nextOf(response));
    held.letGo();

    expect([page.status, stepsOf(page)[3]]).toEqual([200, 'Connection checked: under way']);
  });

  it('that had stored the credential is not waited for because nobody has checked it', async () => {
    const { visitor, response, location, held } = await waitingSignIn({ hold: 'rest/V1/store' });
    const before = await visitor.get(nextOf(response));
    clock.advance(21);

    const end = await visitor.get(nextOf(response));
    held.letGo();

    expect(before.status).toBe(200);
    expect([end.status, end.headers['location']]).toEqual([303, location]);
  });
});

describe('GET /login/progress', () => {
  it("is nobody's but this browser's", async () => {
    const waiting = await waitingSignIn();

    const stranger = await app.visitor().get(nextOf(waiting.response));
    await endOf(waiting);

    expectFailure(stranger, 'form_expired');
  });

  it('shows nothing to a browser in which another account has signed in since', async () => {
    const { visitor, response, held } = await waitingSignIn();
    const store = await startStore({ now: clock.now });
    const { popupUrl } = await store.activate(newIntegration(app, store).id);
    const { fields } = await openPopup(visitor, popupUrl);
    await sendForm(visitor, fields, otherMerchant);

    const answer = await visitor.get(nextOf(response));
    held.letGo();

    expect([answer.status, answer.headers['location']]).toEqual([
      303,
      expect.stringMatching(/^\/login\?popup=/),
    ]);
  });

  it('leads to the form where nobody has signed in in this popup, though the store is connected', async () => {
    const store = await startStore({ now: clock.now });
    const { visitor, activation } = await connect(app, store);
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const answer = await visitor.get(`/login/progress?popup=${fields['popup']!}`);

    expect(answer.headers['location']).toBe(`/login?popup=${fields['popup']!}`);
  });

  it('sends nobody back to a store that belongs to another account by now', async () => {
    const waiting = await waitingSignIn();
    await endOf(waiting);
    const { consumerKey } = waiting.integration;
    const record = JSON.parse(
      (await app.redis.get(`${app.prefix}credential:{${consumerKey}}`)) ?? '',
    ) as object;
    await app.redis.set(
      `${app.prefix}credential:{${consumerKey}}`,
      JSON.stringify({ ...record, account: otherMerchant.username }),
    );

    const answer = await waiting.visitor.get(nextOf(waiting.response));

    expectFailure(answer, 'account_not_allowed');
  });

  it('takes no other method', async () => {
    const answer = await app.visitor().post('/login/progress').type('form').send(merchant);

    expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
  });
});
