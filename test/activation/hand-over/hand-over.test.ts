import { describe, expect, it } from '@jest/globals';
import { recoverExchanges } from '../../../src/activation/exchange/recovery.js';
import { hiddenFields } from '../../support/activation.js';
import { expectFailure, readable } from '../../support/failure-page.js';
import { fakeClock } from '../../support/fake-clock.js';
import {
  afterWaiting,
  callsOf,
  newIntegration,
  openPopup,
  sendForm,
  type Visitor,
} from '../../support/popup.js';
import { popupUrlFrom, signInAt } from '../../support/posts.js';
import { turnOn } from '../../support/second-factor.js';
import { merchant, otherMerchant, startApp, type TestApp } from '../../support/start-app.js';
import { startStore } from '../../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const adminUrl = 'http://admin.example';

/** A popup that Magento has opened, in the browser of somebody who has no account. */
async function popup({ from = '', at = app, openedAfter = 0 } = {}) {
  const store = await startStore({ now: clock.now });
  const integration = newIntegration(at, store);
  await store.activate(integration.id);
  clock.advance(openedAfter);
  const popupUrl = popupUrlFrom(at, integration, from || store.url);
  const first = at.visitor();
  const { page, fields } = await openPopup(first, popupUrl);
  const callback = new URL(popupUrl).searchParams.get('success_call_back');
  return { store, integration, popupUrl, first, page, fields, callback };
}

/** Asks for the link, as the first window does. Answers where that window waits, and the link. */
async function handOver(first: Visitor, page: { text: string }) {
  const [, offerPath = ''] = /<a href="(\/login\/hand-over[^"]*)"/.exec(page.text) ?? [];
  const offer = await first.get(offerPath);
  const answer = await first.post('/login/hand-over').type('form').send(hiddenFields(offer.text));
  const waitingPath = String(answer.headers['location']);
  const shown = await first.get(waitingPath);
  const [, link = ''] = /<input [^>]*value="([^"]*)" readonly>/.exec(shown.text) ?? [];
  return { offer, shown, link, look: () => first.get(waitingPath) };
}

async function handedOver(options: Parameters<typeof popup>[0] = {}) {
  const opened = await popup(options);
  return { ...opened, ...(await handOver(opened.first, opened.page)) };
}

/** Opens the link in another browser, up to the form. */
async function openLink(link: string, visitor: Visitor = app.visitor()) {
  const { pathname } = new URL(link);
  const answer = await visitor.get(pathname);
  const page =
    answer.status === 303 ? await visitor.get(String(answer.headers['location'])) : answer;
  return { answer, page, visitor, fields: hiddenFields(page.text) };
}

/** Opens the link and signs in. */
async function signInBy(link: string, person = merchant) {
  const colleague = await openLink(link);
  const response = await sendForm(colleague.visitor, colleague.fields, person);
  return { ...colleague, response };
}

function expectEnd(response: { status: number; text: string; headers: object }): void {
  expect(response.status).toBe(200);
  expect(response.text).toMatch(/<h1[^>]*>.*Connected<\/h1>/);
  expect(response.text).toContain('You can close this window.');
  expect(response.headers).not.toHaveProperty('location');
}

/** All that Redis holds of this app, keys and values. */
async function everythingIn({ redis, prefix }: TestApp): Promise<string> {
  const keys = await redis.keys(`${prefix}*`);
  const values = await Promise.all(keys.map((key) => redis.get(key).catch(() => '')));
  return [...keys, ...values].join('\n');
}

describe('a sign-in that is handed over', () => {
  it('connects in the other browser, which ends there, and the first window returns to Magento', async () => {
    const { look, shown, link, store, callback } = await handedOver();

    const { page, response } = await signInBy(link);
    const end = await look();

    expect(shown.status).toBe(200);
    expect(shown.text).toMatch(
      /<meta http-equiv="refresh" content="10;url=\/login\/hand-over\?popup=/,
    );
    expect(shown.text).toContain('5:00 left');
    expect(shown.text).toContain('Sign in here instead');
    expect(readable(page.text)).toContain(`Connect ${new URL(store.url).host}`);
    expect(readable(page.text)).toContain(`window returns to ${new URL(store.url).host}`);
    expect(readable(page.text)).not.toContain('You will return');
    expectEnd(response);
    expect([end.status, end.headers['location']]).toEqual([303, callback]);
    expect(callsOf(store)).toHaveLength(3);
  });

  it('can be mailed: the link and the store stand in the mail', async () => {
    const { shown, link, store } = await handedOver();

    const [, href = ''] = /href="(mailto:[^"]+)"/.exec(shown.text) ?? [];
    const mail = new URL(href.replaceAll('&amp;', '&'));

    expect(mail.searchParams.get('subject')).toContain(new URL(store.url).host);
    expect(mail.searchParams.get('body')?.split('\r\n')).toContain(link);
  });

  it('has one link, however often it is asked for', async () => {
    const { first, offer, link } = await handedOver();
    const ask = () => first.post('/login/hand-over').type('form').send(hiddenFields(offer.text));
    const answers = await Promise.all([ask(), ask(), ask()]);

    const pages = await Promise.all(
      answers.map(({ headers }) => first.get(String(headers['location']))),
    );

    expect(link).toMatch(new RegExp(`^${app.url}/login/hand-over/[A-Za-z0-9_-]{43}$`));
    expect(pages.map(({ text }) => text.includes(link))).toEqual([true, true, true]);
    expect(await app.redis.keys(`${app.prefix}hand-over:*`)).not.toEqual([]);
  });

  it('keeps the secret as a hash, and the callback to itself', async () => {
    const own = await startApp({ now: clock.now });
    const { link, callback } = await handedOver({ at: own });
    const { visitor, fields, answer } = await openLink(link, own.visitor());
    await sendForm(visitor, fields);
    const secret = link.split('/').at(-1) ?? '';

    const stored = await everythingIn(own);

    expect(secret).toHaveLength(43);
    expect(stored).toMatch(/hand-over:[\w-]{43}/);
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(callback);
    const sessions = stored.split('\n').filter((text) => text.includes('"handedOver"'));
    expect(sessions.length).toBeGreaterThan(0);
    for (const session of sessions) expect(session).not.toContain('"callback":');
    expect(own.logged()).not.toContain(secret);
    expect(own.logged()).toContain('"route":"/login/hand-over/:secret"');
    expect(own.logged()).toContain('sign_in_handed_over');
    expect(String(answer.headers['location'])).not.toContain(secret);
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  });

  it('is not used up by what scans mails', async () => {
    const { link, look } = await handedOver();
    const { pathname } = new URL(link);
    for (let times = 0; times < 5; times += 1) {
      await app.visitor().head(pathname);
      await openLink(link);
    }

    const before = await look();
    const { response } = await signInBy(link);

    expect(before.status).toBe(200);
    expectEnd(response);
  });

  it('asks about a return to another origin first, and remembers the yes', async () => {
    const { link, look, store, callback, integration } = await handedOver({ from: adminUrl });
    const { response, visitor, fields } = await signInBy(link);
    const asked = callsOf(store);

    const end = await visitor.post('/checklogin/confirm').type('form').send(fields);
    const back = await look();

    expect(readable(response.text)).toContain('return to admin.example?');
    expect(response.text).toContain('window that returns there');
    expect(asked).toEqual([]);
    expectEnd(end);
    expect([back.status, back.headers['location']]).toEqual([303, callback]);
    const credential = await app.deps.credentials.find(integration.consumerKey);
    expect(credential?.returnOrigins).toEqual([adminUrl]);
  });

  it('does not return where nobody has agreed to, when another sign-in has connected the store', async () => {
    const { link, look, store, callback, integration } = await handedOver({ from: adminUrl });
    clock.advance(1);
    const elsewhere = await signInAt(app, popupUrlFrom(app, integration, store.url));

    const waiting = await look();
    const { response, visitor, fields } = await signInBy(link);
    const end = await visitor.post('/checklogin/confirm').type('form').send(fields);
    const back = await look();

    expect(elsewhere.response.status).toBe(303);
    expect(waiting.status).toBe(200);
    expect(waiting.text).toContain(link);
    expect(readable(response.text)).toContain('return to admin.example?');
    expectEnd(end);
    expect([back.status, back.headers['location']]).toEqual([303, callback]);
  });

  it('asks for the code of a second factor, too', async () => {
    const own = await startApp({ now: clock.now });
    const phone = await turnOn(own.deps, merchant.username);
    const { link } = await handedOver({ at: own });
    const { visitor, fields } = await openLink(link, own.visitor());
    const code = await sendForm(visitor, fields);

    const end = await visitor
      .post('/checklogin/code')
      .type('form')
      .send({ ...fields, code: phone.codeAt(clock.now()) });

    expect(readable(code.text)).toContain("Your colleague's window returns to");
    expectEnd(end);
  });

  it('shows a slow store step by step, and ends where a quick one would', async () => {
    const own = await startApp({ now: clock.now, progressAfterMs: 50 });
    const { link, look, store, callback } = await handedOver({ at: own });
    store.setFaults([{ at: 'access', do: 'slow', ms: 400, times: 1 }]);
    const { visitor, fields } = await openLink(link, own.visitor());

    const response = await sendForm(visitor, fields);
    const meanwhile = await look();
    const end = await afterWaiting(visitor, response);
    const back = await look();

    expect(response.text).toContain('aria-current="step"');
    expect(readable(response.text)).toContain("Your colleague's window returns to");
    expect(meanwhile.status).toBe(200);
    expectEnd(end);
    expect([back.status, back.headers['location']]).toEqual([303, callback]);
  });

  it('returns, too, where the process died that the colleague had signed in to', async () => {
    const { link, look, callback, integration } = await handedOver();
    const dying = await startApp({ now: clock.now, prefix: app.prefix });
    dying.deps.storeHttp.refuseCalls();
    const { visitor, fields } = await openLink(link, dying.visitor());
    await sendForm(visitor, fields);
    const before = await look();
    clock.advance(61);
    await recoverExchanges(app.deps);

    const end = await look();

    expect(before.status).toBe(200);
    expect([end.status, end.headers['location']]).toEqual([303, callback]);
    expect(await app.deps.credentials.find(integration.consumerKey)).toBeDefined();
  });

  it('returns where the store was connected already, once its account has signed in', async () => {
    const { link, popupUrl } = await handedOver();
    await signInBy(link);
    clock.advance(1);
    const first = app.visitor();
    const { page } = await openPopup(first, popupUrl);
    const again = await handOver(first, page);
    const before = await again.look();

    const { response } = await signInBy(again.link);
    const end = await again.look();

    expect(before.status).toBe(200);
    expectEnd(response);
    expect(end.status).toBe(303);
  });

  it('leaves the activation to the account that signed in first, in whatever browser', async () => {
    const { link, store, first, fields, look } = await handedOver();
    store.setFaults([{ at: 'request', do: 'status-503', times: 1 }]);
    const failed = await signInBy(link, otherMerchant);

    const mine = await sendForm(first, fields, merchant);
    const still = await look();
    const theirs = await signInBy(link, otherMerchant);

    expectFailure(failed.response, 'store_unavailable');
    expectFailure(mine, 'account_not_allowed');
    expect(still.status).toBe(200);
    expectEnd(theirs.response);
    expect((await look()).status).toBe(303);
  });

  it('can be taken back: a sign-in in the first window ends the link', async () => {
    const { link, first, fields, callback } = await handedOver();
    const colleague = await openLink(link);
    clock.advance(1);

    const response = await sendForm(first, fields);
    const late = await openLink(link);
    const lateForm = await sendForm(colleague.visitor, colleague.fields, otherMerchant);

    expect(response.headers['location']).toBe(callback);
    expectFailure(late.page, 'hand_over_used');
    expectFailure(lateForm, 'account_not_allowed');
  });
});

describe('a link', () => {
  it('that was used says that the store is connected', async () => {
    const { link } = await handedOver();
    await signInBy(link);

    const { page } = await openLink(link);

    expectFailure(page, 'hand_over_used');
  });

  it('that was guessed or cut short says what to do, and gives no cookie', async () => {
    const { link } = await handedOver();
    const pages = await Promise.all(
      ['A'.repeat(43), link.slice(0, -1), `${link}A`, '%00', '..%2f'].map((end) =>
        app.visitor().get(`/login/hand-over/${end.split('/').at(-1) ?? ''}`),
      ),
    );

    for (const page of pages) {
      expectFailure(page, 'hand_over_unknown');
      expect(page.headers).not.toHaveProperty('set-cookie');
      expect(page.headers).not.toHaveProperty('cross-origin-opener-policy');
    }
  });

  it('lives as long as the last POST can be signed in to, not as the popup', async () => {
    const { link, look } = await handedOver({ openedAfter: 600 });
    clock.advance(299);
    const before = await openLink(link);
    const shown = await look();
    clock.advance(2);

    const after = await openLink(link);
    const first = await look();
    const form = await sendForm(before.visitor, before.fields);

    expect(before.page.text).toContain('name="password"');
    expect(shown.text).toContain('The five minutes are over');
    expectFailure(after.page, 'hand_over_unknown');
    expectFailure(first, 'activation_expired');
    expectFailure(form, 'form_expired');
  });

  it('makes no further links', async () => {
    const { link } = await handedOver();
    const { visitor, page, fields } = await openLink(link);

    const offer = await visitor.get(`/login/hand-over?popup=${fields['popup']!}`);
    const answer = await visitor.post('/login/hand-over').type('form').send(fields);

    expect(page.text).not.toContain('/login/hand-over');
    expectFailure(offer, 'form_expired');
    expectFailure(answer, 'form_expired');
  });

  it('is made for a form of this popup alone', async () => {
    const { first, fields } = await popup();
    const { popup: id = '', _csrf = '' } = fields;
    const forms = [{ popup: id }, { popup: id, _csrf: 'A'.repeat(43) }, { _csrf }];

    const answers = [];
    for (const form of forms) {
      answers.push(await first.post('/login/hand-over').type('form').send(form));
    }
    answers.push(
      await app.visitor().post('/login/hand-over').type('form').send({ popup: id, _csrf }),
    );
    const shown = await first.get(`/login/hand-over?popup=${id}`);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(shown.text).not.toContain('readonly');
  });

  it('takes no other method', async () => {
    const answers = await Promise.all([
      app.visitor().put('/login/hand-over'),
      app
        .visitor()
        .post(`/login/hand-over/${'A'.repeat(43)}`)
        .type('form')
        .send(merchant),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([405, 405]);
  });
});
