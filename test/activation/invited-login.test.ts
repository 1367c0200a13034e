import { describe, expect, it } from '@jest/globals';
import { identityQuery } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { common, integrationAt, invite } from '../support/invited.js';
import { callsOf, openPopup, sendForm } from '../support/popup.js';
import { merchant, operator, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** An integration at an invited merchant's own addresses, activated. */
async function activated(addresses: Partial<typeof common> = {}) {
  const store = await startStore({ now: clock.now });
  const own = await invite(app);
  const integration = integrationAt(app, store, { ...own, ...addresses });
  const { popupUrl } = await store.activate(integration.id);
  return { store, own, integration, popupUrl };
}

const query = () =>
  identityQuery('k'.repeat(32), 'https://a.example/admin/admin/integration/loginSuccessCallback/');

describe('GET /login/<token>', () => {
  it('moves on to an address without token, key and callback, with the name filled in', async () => {
    const { store, own, integration, popupUrl } = await activated();
    const { pathname, search } = new URL(popupUrl);
    const visitor = app.visitor();

    const first = await visitor.get(`${pathname}${search}`);
    const { location = '' } = first.headers;
    const page = await visitor.get(location);

    expect(pathname).toBe(own.login);
    expect([first.status, page.status]).toEqual([303, 200]);
    expect(location).toMatch(/^\/login\?popup=[\w-]{43}$/);
    expect(page.text).toContain(`value="${merchant.username}"`);
    expect(page.text).toContain(new URL(store.url).host);
    expect(`${location}${page.text}`).not.toContain(own.token);
    expect(page.text).not.toContain(integration.consumerKey);
  });

  it('connects the store for the account that was invited', async () => {
    const { store, integration, popupUrl } = await activated();
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);

    const response = await sendForm(visitor, fields);

    expect(response.status).toBe(303);
    expect(await app.deps.credentials.find(integration.consumerKey)).toMatchObject({
      account: merchant.username,
      storeBaseUrl: store.url,
    });
  });

  for (const person of [otherMerchant, operator]) {
    it(`refuses ${person.username}, who knows a password, and asks the store nothing`, async () => {
      const { store, integration, popupUrl } = await activated();
      const visitor = app.visitor();
      const { fields } = await openPopup(visitor, popupUrl);

      const refused = await sendForm(visitor, fields, person);

      expect(refused.status).toBe(409);
      expect(refused.text).toContain('account_not_allowed');
      expect(callsOf(store)).toEqual([]);
      expect(await app.deps.activations.find(integration.consumerKey)).not.toHaveProperty(
        'claimedBy',
      );
      expect((await sendForm(visitor, fields)).status).toBe(303);
    });
  }

  it('fills in the name of whom it belongs to where somebody else is signed in', async () => {
    const visitor = app.visitor();
    const elsewhere = await activated(common);
    const { fields } = await openPopup(visitor, elsewhere.popupUrl);
    await sendForm(visitor, fields, otherMerchant);
    const { popupUrl } = await activated();

    const { page } = await openPopup(visitor, popupUrl);

    expect(page.text).toContain(`value="${merchant.username}"`);
    expect(page.text).not.toContain(otherMerchant.username);
  });

  it('asks nobody else in, where the account itself is signed in', async () => {
    const { popupUrl } = await activated();
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);
    const [own, elsewhere] = [await activated(), await activated(common)];

    const { page } = await openPopup(visitor, own.popupUrl);

    expect(page.text).not.toContain('someone=else');
    expect((await openPopup(visitor, elsewhere.popupUrl)).page.text).toContain('someone=else');
  });

  it('takes an activation that came to the common address', async () => {
    const { integration, popupUrl } = await activated({ endpoint: '/endpoint' });
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);

    expect((await sendForm(visitor, fields, otherMerchant)).status).toBe(409);
    expect((await sendForm(visitor, fields)).status).toBe(303);
    expect(await app.deps.credentials.find(integration.consumerKey)).toBeDefined();
  });

  const words = ['x', 'x'.repeat(22), 'x'.repeat(500), '%00', '%3Cscript%3E'];
  for (const word of words) {
    it(`is a page that says what to do, with the token ${word.slice(0, 12)}`, async () => {
      const response = await app.visitor().get(`/login/${word}?${query()}`);

      expect(response.status).toBe(404);
      expect(response.text).toContain('address_unknown');
      expect(response.text).toContain('compare both addresses with those in your invitation');
      expect(response.headers).not.toHaveProperty('set-cookie');
    });
  }

  it('is that page once the invitation is revoked; a popup that is open stays', async () => {
    const { own, popupUrl } = await activated();
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);
    await app.deps.invitations.revoke(own.token);

    expect((await openPopup(app.visitor(), popupUrl)).page.status).toBe(404);
    expect((await sendForm(visitor, fields)).status).toBe(303);
  });

  it('shows the own addresses to somebody who opens it without what Magento sends along', async () => {
    const { endpoint, login } = await invite(app);

    const { status, text } = await app.visitor().get(login);

    expect(status).toBe(400);
    expect(text).toContain(`${app.url}${endpoint}`);
    expect(text).toContain(`${app.url}${login}`);
  });

  it('answers 405 to other methods, whatever the token', async () => {
    const { login } = await invite(app);
    for (const path of [login, '/login/xxxxxxxxxxxxxxxxxxxxxx']) {
      const response = await app.visitor().post(path);

      expect([response.status, response.headers['allow']]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('has the headers of the popup, on its failures too', async () => {
    const { login } = await invite(app);
    const expected = (await app.visitor().get('/login')).headers;
    for (const path of [login, '/login/x']) {
      const { headers } = await app.visitor().get(path);

      expect(headers).not.toHaveProperty('cross-origin-opener-policy');
      for (const name of ['content-security-policy', 'referrer-policy', 'cache-control']) {
        expect([name, headers[name]]).toEqual([name, expected[name]]);
      }
    }
  });

  it('is logged without the token', async () => {
    const { own, popupUrl } = await activated();
    const before = app.logged().length;

    await openPopup(app.visitor(), popupUrl);
    await app.visitor().get(`/login/${own.token}x`);

    const lines = app.logged().slice(before);
    expect(lines).toContain('address_unknown');
    expect(lines).not.toContain(own.token);
  });
});

describe('a whole life at own addresses', () => {
  it('Save and Activate, sign in, return; years later Reauthorize still works', async () => {
    const { store, integration, popupUrl } = await activated();
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, popupUrl);
    const connected = await sendForm(visitor, fields);
    const before = await app.deps.credentials.find(integration.consumerKey);
    clock.advance(2 * 365 * 24 * 3600);

    const again = await store.reauthorize(integration.id);
    const later = app.visitor();
    const popup = await openPopup(later, again.popupUrl);
    const refused = await sendForm(later, popup.fields, otherMerchant);
    const response = await sendForm(later, popup.fields);

    const after = await app.deps.credentials.find(integration.consumerKey);
    expect(connected.status).toBe(303);
    expect(connected.headers['location']).toBe(callbackIn(popupUrl));
    expect(refused.status).toBe(409);
    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(callbackIn(again.popupUrl));
    expect(after?.account).toBe(merchant.username);
    expect(after?.accessToken).not.toBe(before?.accessToken);
  });

  it('an invitation for one store connects that store', async () => {
    const store = await startStore({ now: clock.now });
    const own = await invite(app, merchant, new URL(store.url).host);
    const integration = integrationAt(app, store, own);
    const visitor = app.visitor();
    const { popupUrl } = await store.activate(integration.id);
    const { fields } = await openPopup(visitor, popupUrl);

    expect((await sendForm(visitor, fields)).status).toBe(303);
  });

  it('one store has integrations of several accounts', async () => {
    const store = await startStore({ now: clock.now });
    for (const person of [merchant, otherMerchant, merchant]) {
      const integration = integrationAt(app, store, await invite(app, person));
      const { popupUrl } = await store.activate(integration.id);
      const visitor = app.visitor();
      const { fields } = await openPopup(visitor, popupUrl);

      expect((await sendForm(visitor, fields, person)).status).toBe(303);
      expect(await app.deps.credentials.find(integration.consumerKey)).toMatchObject({
        account: person.username,
      });
    }
  });
});

function callbackIn(popupUrl: string): string | null {
  return new URL(popupUrl).searchParams.get('success_call_back');
}
