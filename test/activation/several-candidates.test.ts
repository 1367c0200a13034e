import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/sample-store/faults/faults.js';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, integrationNow, newIntegration } from '../support/popup.js';
import { forgedForm, post, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

const requested = 'POST oauth/token/request 200';
const requestRefused = 'POST oauth/token/request 401';
const granted = 'POST oauth/token/access 200';
const accessRefused = 'POST oauth/token/access 401';
const proved = 'GET rest/V1/store/storeConfigs 200';

/** What a POST has: fields of its own, or the word for the store's own POST. */
type Sent = 'genuine' | Record<string, string>;

/** A store whose integration was announced by these POSTs, a second apart, and the sign-in that followed. */
async function signInAfter(posts: readonly Sent[], faults: readonly Fault[] = []) {
  const store = await startStore({ now: clock.now, faults });
  const integration = newIntegration(app, store);
  const { consumerSecret } = integration;
  const secret = { 'the secret': { oauth_consumer_secret: consumerSecret } };
  let popupUrl = '';
  for (const sent of posts) {
    if (sent === 'genuine') {
      popupUrl = (await store.activate(integration.id)).popupUrl;
    } else {
      const { knows, ...changes } = sent;
      const known = knows === 'the secret' ? secret[knows] : {};
      const form = forgedForm(integration, { store_base_url: store.url, ...known, ...changes });
      expect(await post(app, form)).toBe(200);
    }
    clock.advance(1);
  }
  const { response } = await signInAt(app, popupUrl);
  return { response, store, integration };
}

const forged = {};
const knowing = { knows: 'the secret' };

describe('POSTs with several secrets for one key', () => {
  const orders: Record<string, readonly [posts: readonly Sent[], calls: readonly string[]]> = {
    'the forged one newest': [
      ['genuine', forged],
      [requestRefused, requested, granted, proved],
    ],
    'the forged one oldest': [
      [forged, 'genuine'],
      [requested, granted, proved],
    ],
    'the genuine one between two forged': [
      [forged, 'genuine', forged],
      [requestRefused, requested, granted, proved],
    ],
    'two forged after the genuine one': [
      ['genuine', forged, forged],
      [requestRefused, requestRefused, requested, granted, proved],
    ],
  };
  for (const [order, [posts, calls]] of Object.entries(orders)) {
    it(`are tried in one sign-in until the store knows one: ${order}`, async () => {
      const { response, store, integration } = await signInAfter(posts);

      expect(response.status).toBe(303);
      expect(callsOf(store)).toEqual(calls);
      expect(integrationNow(store, integration).status).toBe('active');
      expect(await app.deps.activations.find(integration.consumerKey)).toMatchObject({
        state: 'connected',
        candidates: [],
      });
    });
  }

  const others: Record<string, Fault> = {
    'that redirects': { at: 'request', do: 'redirect', location: 'https://x.example/', times: 1 },
    'that is no Magento': { at: 'request', do: 'html-200', times: 1 },
    'that knows no such key': {
      at: 'request',
      do: 'problem',
      status: 401,
      text: 'A consumer having the specified key does not exist',
      times: 1,
    },
  };
  for (const [what, fault] of Object.entries(others)) {
    it(`lead on from an address ${what}`, async () => {
      const { response, store } = await signInAfter(['genuine', forged], [fault]);

      expect(response.status).toBe(303);
      expect(callsOf(store).slice(1)).toEqual([requested, granted, proved]);
    });
  }

  it('lead on from a path of the store at which there is no Magento', async () => {
    const store = await startStore({ now: clock.now });
    const integration = newIntegration(app, store);
    const { popupUrl } = await store.activate(integration.id);
    clock.advance(1);
    await post(app, forgedForm(integration, { store_base_url: `${store.url}nothing/` }));

    const { response } = await signInAt(app, popupUrl);

    expect(response.status).toBe(303);
    expect(callsOf(store)).toEqual([requested, granted, proved]);
  });

  it('do not lead on from a store that is down: the genuine one may be the one that was asked', async () => {
    const { response, store } = await signInAfter(
      ['genuine', forged],
      [{ at: 'request', do: 'status-503', times: 1 }],
    );

    expect(response.status).toBe(502);
    expect(callsOf(store)).toEqual(['POST oauth/token/request 503']);
  });

  it('end in what the newest was told when the store knows none of them', async () => {
    const store = await startStore({ now: clock.now });
    const integration = newIntegration(app, store);
    const { popupUrl } = await store.activate(integration.id);
    clock.advance(901);
    for (const changes of [{}, {}]) {
      const form = forgedForm(integration, { store_base_url: store.url, ...changes });
      await post(app, form);
      clock.advance(1);
    }
    store.setFaults([
      { at: 'request', do: 'problem', status: 401, text: 'Invalid signature', times: 1 },
      { at: 'request', do: 'html-200', times: 1 },
    ]);

    const { response } = await signInAt(app, popupUrl);

    expect(response.status).toBe(502);
    expect(response.text).toContain('signature_refused');
    expect(callsOf(store)).toHaveLength(2);
  });
});

describe('POSTs with one secret and several verifiers', () => {
  const orders: Record<string, readonly [posts: readonly Sent[], calls: readonly string[]]> = {
    'the wrong verifier newest': [
      ['genuine', knowing],
      [requested, accessRefused, granted, proved],
    ],
    'the wrong verifier oldest': [
      [knowing, 'genuine'],
      [requested, granted, proved],
    ],
    'two wrong ones': [
      [knowing, 'genuine', knowing],
      [requested, accessRefused, granted, proved],
    ],
    'a wrong secret beside them': [
      [knowing, 'genuine', forged],
      [requestRefused, requested, granted, proved],
    ],
  };
  for (const [order, [posts, calls]] of Object.entries(orders)) {
    it(`buy one request token, which is exchanged with the right one: ${order}`, async () => {
      const { response, store } = await signInAfter(posts);

      expect(response.status).toBe(303);
      expect(callsOf(store)).toEqual(calls);
    });
  }
});
