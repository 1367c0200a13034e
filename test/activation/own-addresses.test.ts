import { describe, expect, it } from '@jest/globals';
import { heldTokenOf } from '../../src/activation/activation.js';
import { recoverExchanges } from '../../src/activation/exchange/recovery.js';
import { fakeClock } from '../support/fake-clock.js';
import { common, integrationAt, invite } from '../support/invited.js';
import { callsOf, integrationNow, openPopup, sendForm } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post } from '../support/posts.js';
import { merchant, otherMerchant, startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
/** A process of the same app that begins no calls any more: its exchanges stay where they are, as if it had died. */
const dying = await startApp({ now: clock.now, prefix: app.prefix });
dying.deps.storeHttp.refuseCalls();

const victim = await invite(app);
const attacker = await invite(app, otherMerchant);

const exchanged = [
  'POST oauth/token/request 200',
  'POST oauth/token/access 200',
  'GET rest/V1/store/storeConfigs 200',
];

/** The victim's store, its integration at these addresses and not yet activated, and a store of the attacker's. */
async function scene(addresses = common) {
  const [store, evil] = [
    await startStore({ now: clock.now }),
    await startStore({ now: clock.now }),
  ];
  const integration = integrationAt(app, store, addresses);
  const { consumerKey } = integration;
  /** What the attacker sends to an own address: the victim's key, whatever store. */
  const attack = async (storeBaseUrl: string, path = attacker.endpoint) => {
    clock.advance(1);
    expect(await post(app, forgedForm(integration, { store_base_url: storeBaseUrl }), path)).toBe(
      200,
    );
  };
  const posts = async () => (await app.deps.activations.find(consumerKey))?.candidates ?? [];
  return { store, evil, integration, consumerKey, attack, posts };
}

const sides = { 'the common addresses': common, 'own addresses': victim };
const targets = {
  'another store': (evil: string) => evil,
  'the same store': (_evil: string, store: string) => store,
};
const moments = ['before the POST', 'after the POST', 'while the popup is open'] as const;

for (const [side, addresses] of Object.entries(sides)) {
  for (const [target, aim] of Object.entries(targets)) {
    for (const moment of moments) {
      it(`a forged POST at somebody's own address for ${target}, ${moment}, is nothing to a merchant at ${side}`, async () => {
        const { store, evil, integration, consumerKey, attack } = await scene(addresses);
        const flood = async () => {
          for (let n = 0; n < 13; n += 1) await attack(aim(evil.url, store.url));
        };
        if (moment === 'before the POST') await flood();
        const { popupUrl } = await store.activate(integration.id);
        if (moment === 'after the POST') await flood();
        const visitor = app.visitor();
        const opened = await openPopup(visitor, popupUrl);
        if (moment === 'while the popup is open') await flood();
        const { page } = await openPopup(app.visitor(), popupUrl);
        const { status } = await sendForm(visitor, opened.fields);

        expect(page.text).toContain(`<title>Connect ${new URL(store.url).host}</title>`);
        expect(page.text).not.toContain(new URL(evil.url).host);
        expect(status).toBe(303);
        expect(callsOf(store)).toEqual(exchanged);
        expect(callsOf(evil)).toEqual([]);
        expect(await app.deps.credentials.find(consumerKey)).toMatchObject({
          account: merchant.username,
          storeBaseUrl: store.url,
        });
      });
    }
  }
}

describe("what was sent to one account's own address", () => {
  it('does not restart the clock that another merchant sees', async () => {
    const { store, integration, attack } = await scene();
    const { popupUrl } = await store.activate(integration.id);
    clock.advance(200);
    await attack(store.url);

    const { page } = await openPopup(app.visitor(), popupUrl);

    expect(page.text).toContain('data-seconds="99"');
  });

  it('takes no place of a POST at the common address, nor the other way round', async () => {
    const { store, integration, attack, posts } = await scene();
    await store.activate(integration.id);
    const genuine = (await posts()).map(({ id }) => id);
    const others = ['a', 'b', 'c', 'd', 'e'].map((name) => `https://${name}.example/`);
    for (const url of [store.url, store.url, store.url, ...others, ...others, ...others]) {
      await attack(url);
    }
    expect((await posts()).map(({ id }) => id)).toEqual(expect.arrayContaining(genuine));

    await attack('https://mine.example/', victim.endpoint);
    for (const url of [...others, ...others, ...others]) await attack(url, common.endpoint);

    const kept = await posts();
    const ofAccount = (name?: string) => kept.filter(({ account }) => account === name);
    expect(ofAccount(merchant.username)).toHaveLength(1);
    expect(ofAccount(otherMerchant.username)).toHaveLength(12);
    expect(ofAccount()).toHaveLength(12);
  });

  it('is another POST than the same at the common address', async () => {
    const { integration, posts } = await scene();
    const form = forgedForm(integration);
    for (const path of [common.endpoint, victim.endpoint, victim.endpoint, common.endpoint]) {
      await post(app, form, path);
    }

    const kept = await posts();

    expect(kept.map(({ account }) => account).sort()).toEqual([merchant.username, undefined]);
    expect(new Set(kept.map(({ id }) => id)).size).toBe(2);
  });

  for (const login of [common.login, victim.login]) {
    it(`is neither used nor shown at ${login.slice(0, 7)}…, which says that addresses are mixed`, async () => {
      const { evil, integration, attack } = await scene();
      await attack(evil.url);
      const url = popupUrlFrom(app, integration, evil.adminUrl).replace('/login?', `${login}?`);

      const { page } = await openPopup(app.visitor(), url);

      expect(page.status).toBe(409);
      expect(page.text).toContain('addresses_mixed');
      expect(page.text).not.toContain(new URL(evil.url).host);
    });
  }

  it('does not take the reason of a failure away from whom it concerns', async () => {
    const { store, evil, integration, consumerKey, attack } = await scene();
    store.setFaults([{ at: 'request', do: 'html-200' }]);
    const { popupUrl } = await store.activate(integration.id);
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);

    await attack(evil.url);

    const { page } = await openPopup(visitor, popupUrl);
    expect(page.text).toContain('not a reply of Magento');
    expect(await app.deps.activations.find(consumerKey)).toMatchObject({ state: 'failed' });
  });

  it('does not take the news from a merchant whose store is connected', async () => {
    const { store, evil, integration, attack } = await scene();
    const { popupUrl } = await store.activate(integration.id);
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);

    await attack(evil.url);

    const { page } = await openPopup(visitor, popupUrl);
    expect(page.text).toContain('The store is connected.');
  });

  it('is not what a popup at other addresses was opened for', async () => {
    const { store, integration, attack, posts } = await scene();
    const { popupUrl } = await store.activate(integration.id);
    await attack(store.url);

    await openPopup(app.visitor(), popupUrl);

    const opened = (await posts()).filter(({ openedAt }) => openedAt !== undefined);
    expect(opened.map(({ account }) => account)).toEqual([undefined]);
  });

  it('lends no verifier to a request token that another merchant buys, even with the same secret', async () => {
    const { store, integration, consumerKey } = await scene(victim);
    store.setFaults([{ at: 'access', do: 'html-200' }]);
    const { popupUrl } = await store.activate(integration.id);
    const { consumerSecret } = integration;
    for (const path of [attacker.endpoint, common.endpoint]) {
      const known = { oauth_consumer_secret: consumerSecret, store_base_url: store.url };
      await post(app, forgedForm(integration, known), path);
    }
    const visitor = app.visitor();

    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);

    const activation = await app.deps.activations.find(consumerKey);
    expect(activation && heldTokenOf(activation)?.verifiers).toHaveLength(1);
  });

  it('does not keep a claim alive once the POSTs are gone on which its account could sign in', async () => {
    const { store, integration, consumerKey } = await scene(victim);
    const evil = await startStore({ now: clock.now, faults: [{ at: 'request', do: 'html-200' }] });
    await post(app, forgedForm(integration, { store_base_url: evil.url }), attacker.endpoint);
    const visitor = app.visitor();
    const url = popupUrlFrom(app, integration, evil.adminUrl).replace('/login', attacker.login);
    await sendForm(visitor, (await openPopup(visitor, url)).fields, otherMerchant);
    expect(await app.deps.activations.find(consumerKey)).toMatchObject({
      claimedBy: otherMerchant.username,
    });
    clock.advance(899);
    await store.activate(integration.id);
    clock.advance(2);

    const { popupUrl } = await store.activate(integration.id);
    const later = app.visitor();
    const response = await sendForm(later, (await openPopup(later, popupUrl)).fields);

    expect(response.status).toBe(303);
  });

  it('leads to no request token that another merchant is shown', async () => {
    const store = await startStore({ now: clock.now });
    const evil = await startStore({ now: clock.now, faults: [{ at: 'access', do: 'html-200' }] });
    const copy = integrationAt(app, evil, attacker);
    const activated = await evil.activate(copy.id);
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, activated.popupUrl)).fields, otherMerchant);
    expect(await app.deps.activations.find(copy.consumerKey)).toMatchObject({
      heldToken: { account: otherMerchant.username },
    });

    await post(app, forgedForm(copy, { store_base_url: store.url }));
    const { page } = await openPopup(app.visitor(), popupUrlFrom(app, copy, evil.adminUrl));

    expect(page.text).toContain(`<title>Connect ${new URL(store.url).host}</title>`);
  });
});

describe('a popup at own addresses', () => {
  it('asks the store of its own POST, though a forged one names the host that it returns to', async () => {
    const { store, evil, integration, attack } = await scene(victim);
    await store.activate(integration.id);
    await attack(evil.url, common.endpoint);
    const url = popupUrlFrom(app, integration, evil.adminUrl).replace('/login', victim.login);
    const visitor = app.visitor();

    const { page, fields } = await openPopup(visitor, url);
    const question = await sendForm(visitor, fields);

    expect(page.text).toContain(`<title>Connect ${new URL(store.url).host}</title>`);
    expect(question.status).toBe(200);
    expect([...callsOf(store), ...callsOf(evil)]).toEqual([]);
  });

  it('is refused for an integration that another account has connected, even with its secret', async () => {
    const { store, integration, consumerKey } = await scene();
    const { popupUrl } = await store.activate(integration.id);
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);
    const genuine = {
      oauth_consumer_key: consumerKey,
      oauth_consumer_secret: integration.consumerSecret,
      oauth_verifier: 'v'.repeat(32),
      store_base_url: store.url,
    };
    await post(app, genuine, attacker.endpoint);
    const { search } = new URL(popupUrl);
    const other = app.visitor();

    const opened = await openPopup(other, `${app.url}${attacker.login}${search}`);
    const response = await sendForm(other, opened.fields, otherMerchant);

    expect(response.status).toBe(409);
    expect(response.text).toContain('account_not_allowed');
    expect(callsOf(store).filter((call) => call.includes('oauth'))).toHaveLength(2);
  });

  it("and its account's own POSTs count for a store that was connected at the common addresses", async () => {
    const { store, integration, consumerKey } = await scene();
    const first = await store.activate(integration.id);
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, first.popupUrl)).fields);
    const before = await app.deps.credentials.find(consumerKey);
    clock.advance(3600);
    const again = await store.reauthorize(integration.id);
    const { consumerSecret, tokens } = integrationNow(store, integration);
    const { search } = new URL(again.popupUrl);
    await app.deps.activations.change(consumerKey, (current) =>
      current ? { ...current, version: current.version + 1, candidates: [] } : undefined,
    );
    const form = {
      oauth_consumer_key: consumerKey,
      oauth_consumer_secret: consumerSecret,
      oauth_verifier: tokens.at(-1)!.verifier,
      store_base_url: store.url,
    };
    await post(app, form, victim.endpoint);
    const later = app.visitor();

    const opened = await openPopup(later, `${app.url}${common.login}${search}`);
    const response = await sendForm(later, opened.fields);

    const after = await app.deps.credentials.find(consumerKey);
    expect(response.status).toBe(303);
    expect(after?.accessToken).not.toBe(before?.accessToken);
  });
});

describe('an exchange whose owner died', () => {
  it('goes on with the POST of the account that began it, beside forged ones', async () => {
    const { store, integration, consumerKey, attack } = await scene(victim);
    const { popupUrl } = await store.activate(integration.id);
    const visitor = dying.visitor();
    const opened = await openPopup(visitor, popupUrl.replace(app.url, dying.url));
    await sendForm(visitor, opened.fields);
    await attack(store.url);
    await attack(store.url, common.endpoint);
    clock.advance(61);

    await recoverExchanges(app.deps);

    expect(await app.deps.activations.find(consumerKey)).toMatchObject({ state: 'connected' });
    expect(callsOf(store)).toEqual(exchanged);
  });

  it('goes on with a request token that was bought with such a POST', async () => {
    const { store, evil, integration, consumerKey, attack } = await scene(victim);
    store.setFaults([{ at: 'access', do: 'drop-before', times: 1 }]);
    const { popupUrl } = await store.activate(integration.id);
    const visitor = app.visitor();
    await sendForm(visitor, (await openPopup(visitor, popupUrl)).fields);
    await attack(store.url);
    await attack(evil.url, common.endpoint);
    clock.advance(61);

    await recoverExchanges(app.deps);

    expect(await app.deps.credentials.find(consumerKey)).toMatchObject({
      account: merchant.username,
    });
    expect(callsOf(store).filter((call) => call.includes('request'))).toHaveLength(1);
  });
});
