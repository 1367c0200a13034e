import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, newIntegration, openPopup, sendForm } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

interface Key {
  readonly consumerKey: string;
}

/** The stores whose POSTs are kept for a key, each as often as it has one. */
async function keptStores({ consumerKey }: Key): Promise<string[]> {
  const activation = await app.deps.activations.find(consumerKey);
  return (activation?.candidates ?? []).map(({ storeBaseUrl }) => storeBaseUrl).sort();
}

/** Sends a forged POST a second after the last. */
async function postFrom(key: Key, storeBaseUrl: string): Promise<void> {
  clock.advance(1);
  expect(await post(app, forgedForm(key, { store_base_url: storeBaseUrl }))).toBe(200);
}

/** A store that has announced an integration, with the address of its popup. */
async function announced() {
  const store = await startStore({ now: clock.now });
  const integration = newIntegration(app, store);
  const activation = await store.activate(integration.id);
  return { store, integration, activation };
}

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => `https://${name}.example/`) as [
  string,
  string,
  string,
  string,
  string,
];

describe('the POSTs that are kept for one key', () => {
  it('are three of a store; a fourth takes the place of its oldest', async () => {
    const { integration } = await announced();
    const key = forgedForm(integration);
    const first = { consumerKey: key['oauth_consumer_key']! };
    const kept = async () =>
      (await app.deps.activations.find(first.consumerKey))?.candidates.map(({ id }) => id);
    for (let n = 0; n < 3; n += 1) await postFrom(first, a);
    const before = (await kept())!.slice(-3);

    await postFrom(first, a);

    const after = (await kept())!;
    expect(after).not.toContain(before[0]);
    expect(after).toEqual(expect.arrayContaining(before.slice(1)));
    expect((await keptStores(first)).filter((url) => url === a)).toHaveLength(3);
  });

  it('are of four stores; a fifth takes the place of the oldest of the store with the most', async () => {
    const key = { consumerKey: 'k'.repeat(31) + '1' };
    for (const url of [a, b, b, c, d]) await postFrom(key, url);

    await postFrom(key, e);

    expect(await keptStores(key)).toEqual([a, b, c, d, e]);
  });

  it('are twelve in all, however many stores somebody makes up', async () => {
    const key = { consumerKey: 'k'.repeat(31) + '5' };
    const urls = Array.from({ length: 8 }, (_, n) => `https://n${n}.example/`);
    for (let n = 0; n < urls.length; n += 1) {
      for (const url of [...urls.slice(0, n + 1), ...urls.slice(0, n + 1)])
        await postFrom(key, url);
    }

    expect(await keptStores(key)).toHaveLength(12);
  });

  it('never push out those that an open popup points at, but for one when their store is full of them', async () => {
    const key = { consumerKey: 'k'.repeat(31) + '2' };
    for (const url of [a, a, a]) await postFrom(key, url);
    const opened = await app.deps.activations.find(key.consumerKey);
    await openPopup(app.visitor(), popupUrlFrom(app, key, a));
    for (const url of [b, c, d]) await postFrom(key, url);

    for (const url of [e, a, e, e, a]) await postFrom(key, url);

    const kept = await app.deps.activations.find(key.consumerKey);
    const ids = kept?.candidates.map(({ id }) => id) ?? [];
    expect(opened?.candidates.filter(({ id }) => ids.includes(id))).toHaveLength(2);
  });

  it('are marked by a popup of their store alone, or all by one that comes from elsewhere', async () => {
    const [one, other] = [
      { consumerKey: 'k'.repeat(31) + '3' },
      { consumerKey: 'k'.repeat(31) + '4' },
    ];
    for (const key of [one, other]) for (const url of [a, b]) await postFrom(key, url);

    await openPopup(app.visitor(), popupUrlFrom(app, one, a));
    await openPopup(app.visitor(), popupUrlFrom(app, other, 'https://admin.example'));

    const marked = async ({ consumerKey }: Key) =>
      (await app.deps.activations.find(consumerKey))?.candidates
        .filter(({ openedAt }) => openedAt)
        .map(({ storeBaseUrl }) => storeBaseUrl);
    expect(await marked(one)).toEqual([a]);
    expect(await marked(other)).toEqual([a, b]);
  });
});

describe('a merchant in front of an open popup', () => {
  it('connects after a flood of POSTs with other secrets and stores', async () => {
    const { store, integration, activation } = await announced();
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);
    for (let n = 0; n < 50; n += 1) {
      await postFrom(integration, n % 2 === 0 ? store.url : `https://n${n}.example/`);
    }

    const response = await sendForm(visitor, fields);

    expect(response.status).toBe(303);
    expect(callsOf(store).filter((call) => call.endsWith('request 200'))).toHaveLength(1);
  });

  it('connects though some were there before the popup', async () => {
    const store = await startStore({ now: clock.now });
    const integration = newIntegration(app, store);
    for (let n = 0; n < 5; n += 1) await postFrom(integration, store.url);
    clock.advance(1);
    const activation = await store.activate(integration.id);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);
    for (let n = 0; n < 20; n += 1) await postFrom(integration, store.url);

    expect((await sendForm(visitor, fields)).status).toBe(303);
  });

  it('connects though somebody opens popups for the POSTs of the flood, too', async () => {
    const { store, integration, activation } = await announced();
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);
    for (let n = 0; n < 20; n += 1) {
      await postFrom(integration, store.url);
      await openPopup(app.visitor(), activation.popupUrl);
    }

    expect((await sendForm(visitor, fields)).status).toBe(303);
  });
});
