import { describe, expect, it } from '@jest/globals';
import { disconnectStore } from '../../src/activation/disconnect-store.js';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, newIntegration, type Visitor } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post, recordOf, signInAt } from '../support/posts.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
const adminUrl = 'http://admin.example';

/** A store that has announced an integration. */
async function announced(to: TestApp = app) {
  const store = await startStore({ now: clock.now });
  const integration = newIntegration(to, store);
  await store.activate(integration.id);
  return { store, integration };
}

/** Signs in in a popup whose admin is at this origin; answers the page, and how to say yes on it. */
async function signInFrom(origin: string, integration: Integration, to: TestApp = app) {
  const { response, visitor, fields } = await signInAt(to, popupUrlFrom(to, integration, origin));
  const sayYes = () => yes(visitor, fields);
  return { response, sayYes };
}

function yes(visitor: Visitor, fields: Readonly<Record<string, string>>) {
  return visitor.post('/checklogin/confirm').type('form').send(fields);
}

async function reauthorize(store: SampleStore, { id }: Integration): Promise<void> {
  clock.advance(60);
  await store.reauthorize(id);
}

/** An integration whose merchant has agreed to return to the admin's own host, and who has to sign in again. */
async function agreed() {
  const { store, integration } = await announced();
  const { response, sayYes } = await signInFrom(adminUrl, integration);
  const answer = await sayYes();
  expect([response.status, answer.status]).toEqual([200, 303]);
  await reauthorize(store, integration);
  return { store, integration };
}

function isQuestion(response: { status: number; text: string; headers: object }): boolean {
  return (
    response.status === 200 &&
    response.text.includes('and return to') &&
    response.text.includes('opened from another address') &&
    !('location' in response.headers)
  );
}

describe('a return to another origin than the store', () => {
  it('is asked about once: after a yes the next sign-in returns at once', async () => {
    const { store, integration } = await agreed();

    const { response } = await signInFrom(adminUrl, integration);

    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(
      `${adminUrl}/admin/admin/integration/loginSuccessCallback/`,
    );
    expect(callsOf(store).filter((call) => call.includes('access'))).toHaveLength(2);
  });

  it('stays agreed through any number of exchanges, and where there is nothing to exchange', async () => {
    const { store, integration } = await agreed();
    const { response: second } = await signInFrom(adminUrl, integration);
    const { response: again } = await signInFrom(adminUrl, integration);
    await reauthorize(store, integration);
    const { response: third } = await signInFrom(adminUrl, integration);

    expect([second.status, again.status, third.status]).toEqual([303, 303, 303]);
  });

  it('is agreed, too, by a yes for a store that is connected already', async () => {
    const { store, integration } = await announced();
    await signInFrom(store.url, integration);

    const { response, sayYes } = await signInFrom(adminUrl, integration);
    const answer = await sayYes();
    const { response: next } = await signInFrom(adminUrl, integration);

    expect(isQuestion(response)).toBe(true);
    expect([answer.status, next.status]).toEqual([303, 303]);
    expect(callsOf(store).filter((call) => call.includes('oauth/token'))).toHaveLength(2);
  });

  for (const other of [
    'http://admin.example:8080',
    'https://admin.example',
    'http://www.admin.example',
    'http://admin.example.evil.example',
    'http://admin.example.',
  ]) {
    it(`is asked about for ${other}, though ${adminUrl} is agreed`, async () => {
      const { integration } = await agreed();

      const { response } = await signInFrom(other, integration);

      expect(isQuestion(response)).toBe(true);
    });
  }

  it('is asked about again when nobody has answered', async () => {
    const { integration } = await announced();
    await signInFrom(adminUrl, integration);

    const { response } = await signInFrom(adminUrl, integration);

    expect(isQuestion(response)).toBe(true);
  });

  it('is asked about again when the exchange after the yes has failed', async () => {
    const { store, integration } = await announced();
    store.setFaults([{ at: 'request', do: 'status-503', times: 1 }]);
    const { sayYes } = await signInFrom(adminUrl, integration);
    const failed = await sayYes();

    const { response } = await signInFrom(adminUrl, integration);

    expect(failed.status).toBe(502);
    expect(isQuestion(response)).toBe(true);
  });

  it('is not agreed for another integration of the same store', async () => {
    const { store } = await agreed();
    const other = newIntegration(app, store);
    await store.activate(other.id);

    const { response } = await signInFrom(adminUrl, other);

    expect(isQuestion(response)).toBe(true);
  });

  it('is forgotten with the store', async () => {
    const { store, integration } = await agreed();
    await disconnectStore(app.deps, integration.consumerKey);
    await reauthorize(store, integration);

    const { response } = await signInFrom(adminUrl, integration);

    expect(isQuestion(response)).toBe(true);
  });

  it('is not agreed any more when the store has moved, before and after it is connected', async () => {
    let isMoved = false;
    const store = await startStore({
      now: clock.now,
      baseUrl: (own) => (isMoved ? own.replace('localhost', '127.0.0.1') : own),
    });
    const integration = newIntegration(app, store);
    await store.activate(integration.id);
    await (await signInFrom(adminUrl, integration)).sayYes();
    isMoved = true;
    await reauthorize(store, integration);
    const { response: before } = await signInFrom(adminUrl, integration);
    const newUrl = store.url.replace('localhost', '127.0.0.1');
    await (await signInFrom(newUrl, integration)).sayYes();

    const { response: after } = await signInFrom(adminUrl, integration);

    expect(isQuestion(before)).toBe(true);
    expect(before.text).toContain('It takes the place of');
    expect(isQuestion(after)).toBe(true);
    expect(await recordOf(app, 'credential', integration)).not.toContain('admin.example');
  });

  it('is no failure when it cannot be noted: the store is connected, and the next time asks again', async () => {
    const own = await startApp({ now: clock.now });
    Object.assign(own.deps.credentials, {
      rememberReturn: () => Promise.reject(new Error('Command timed out')),
    });
    const { integration } = await announced(own);
    const { sayYes } = await signInFrom(adminUrl, integration, own);

    const answer = await sayYes();
    const { response } = await signInFrom(adminUrl, integration, own);

    expect(answer.status).toBe(303);
    expect(own.logged()).toContain('"event":"return_forgotten"');
    expect(isQuestion(response)).toBe(true);
  });
});

describe('a yes', () => {
  it('holds for the store that was shown, not for one that has come in its place', async () => {
    const { store, integration } = await announced();
    const evil = await startStore({ now: clock.now });
    clock.advance(100);
    const { visitor, fields, response } = await signInAt(
      app,
      popupUrlFrom(app, integration, adminUrl),
    );
    const [, shown = ''] = /name="store" value="([^"]+)"/.exec(response.text) ?? [];
    await post(app, forgedForm(integration, { store_base_url: evil.url }));
    // Now the POST of the store that was shown is too old, and the other is not.
    clock.advance(801);

    const answer = await yes(visitor, { ...fields, store: shown });

    expect(shown).toBe(new URL(store.url).origin);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('store_ambiguous');
    expect(evil.requests).toEqual([]);
  });
});

describe('an origin that the operator has listed', () => {
  const listed = async () =>
    startApp({ now: clock.now, returnOrigins: [adminUrl, 'https://other.example:8443'] });

  it('is returned to without a question', async () => {
    const own = await listed();
    const { store, integration } = await announced(own);

    const { response } = await signInFrom(adminUrl, integration, own);

    expect(response.status).toBe(303);
    expect(response.headers['location']).toMatch(/^http:\/\/admin\.example\/admin\//);
    expect(callsOf(store)).toHaveLength(3);
    expect(await recordOf(own, 'credential', integration)).not.toContain('admin.example');
  });

  it('is nothing to return to after an exchange that failed', async () => {
    const own = await listed();
    const { store, integration } = await announced(own);
    store.setFaults([{ at: 'access', do: 'status-503' }]);

    const { response } = await signInFrom(adminUrl, integration, own);

    expect(response.status).toBe(502);
    expect(response.headers).not.toHaveProperty('location');
  });

  for (const other of [
    'https://admin.example',
    'http://admin.example:8080',
    'http://a.admin.example',
    'http://admin.example.evil.example',
    'https://other.example',
  ]) {
    it(`is not ${other}`, async () => {
      const own = await listed();
      const { integration } = await announced(own);

      const { response } = await signInFrom(other, integration, own);

      expect(isQuestion(response)).toBe(true);
    });
  }

  it('does not choose between stores', async () => {
    const own = await listed();
    const { store, integration } = await announced(own);
    const other = await startStore({ now: clock.now });
    clock.advance(1);
    await post(own, forgedForm(integration, { store_base_url: other.url }));

    const { response } = await signInFrom(adminUrl, integration, own);

    expect(response.status).toBe(200);
    expect(response.text).toContain('Which store is yours?');
    expect(response.text).not.toContain('opened from another address');
    expect([...store.requests, ...other.requests]).toEqual([]);
  });
});
