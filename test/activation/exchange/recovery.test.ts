import { describe, expect, it } from '@jest/globals';
import { recoverExchanges } from '../../../src/activation/exchange/recovery.js';
import { fetchRequestToken } from '../../../src/magento/token-exchange.js';
import type { Fault } from '../../../src/sample-store/faults/faults.js';
import { fakeClock } from '../../support/fake-clock.js';
import { callsOf, connect, integrationNow, newIntegration } from '../../support/popup.js';
import { signInAt } from '../../support/posts.js';
import { startApp } from '../../support/start-app.js';
import { startStore } from '../../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });
/** A process of the same app that begins no calls any more: its exchanges stay where they are, as if it had died. */
const dying = await startApp({ now: clock.now, prefix: app.prefix });
dying.deps.storeHttp.refuseCalls();

const storeWith = (...faults: Fault[]) => startStore({ now: clock.now, faults });

/** An exchange whose owner died when it had announced the request call. */
async function abandonedInRequesting() {
  const store = await storeWith();
  const integration = newIntegration(app, store);
  const { popupUrl } = await store.activate(integration.id);
  await signInAt(dying, popupUrl.replace(app.url, dying.url));
  return { store, integration };
}

/** An exchange that got no answer to its access call: not granted, or granted with the reply lost. */
async function abandonedInAccessing(fault: 'drop-before' | 'drop-after') {
  const store = await storeWith({ at: 'access', do: fault, times: 1 });
  const { integration } = await connect(app, store);
  return { store, integration };
}

/** An exchange whose owner died when it had stored the request token. */
async function abandonedInAuthorized() {
  const left = await abandonedInAccessing('drop-before');
  await app.deps.activations.change(left.integration.consumerKey, (current) =>
    current?.state === 'accessing'
      ? { ...current, version: current.version + 1, state: 'authorized', failure: undefined }
      : undefined,
  );
  return left;
}

function stateOf({ consumerKey }: { readonly consumerKey: string }) {
  return app.deps.activations.find(consumerKey);
}

const accessCalls = (store: { requests: readonly { path: string }[] }) =>
  store.requests.filter(({ path }) => path.includes('access')).length;

describe('an exchange whose owner died', () => {
  const completed = {
    'before the request call': abandonedInRequesting,
    'with the request token stored': abandonedInAuthorized,
    'before the access call': () => abandonedInAccessing('drop-before'),
  };
  for (const [when, abandon] of Object.entries(completed)) {
    it(`${when} is completed by the pass after its lease`, async () => {
      const { store, integration } = await abandon();
      const begun = await stateOf(integration);
      clock.advance(61);

      await recoverExchanges(app.deps);

      const credential = await app.deps.credentials.find(integration.consumerKey);
      expect(begun).toHaveProperty('lease');
      expect(await stateOf(integration)).toMatchObject({ state: 'connected' });
      expect(credential).toMatchObject({ lastCheck: { result: 'connected' } });
      expect(app.deps.credentials.open(credential!).accessToken).toBe(
        integrationNow(store, integration).tokens[0]?.token,
      );
      expect(callsOf(store).filter((call) => call.endsWith('request 200'))).toHaveLength(1);
    });

    it(`${when} is left alone while its lease runs`, async () => {
      const { store, integration } = await abandon();
      const [before, calls] = [await stateOf(integration), store.requests.length];
      clock.advance(59);

      await recoverExchanges(app.deps);

      expect(await stateOf(integration)).toEqual(before);
      expect(store.requests).toHaveLength(calls);
      clock.advance(2);
      await recoverExchanges(app.deps);
      expect(await stateOf(integration)).toMatchObject({ state: 'connected' });
    });

    it(`${when} is completed once by two processes that look at the same time`, async () => {
      const { store, integration } = await abandon();
      const other = await startApp({ now: clock.now, prefix: app.prefix });
      const before = accessCalls(store);
      clock.advance(61);

      await Promise.all([recoverExchanges(app.deps), recoverExchanges(other.deps)]);

      expect(await stateOf(integration)).toMatchObject({ state: 'connected' });
      expect(accessCalls(store) - before).toBe(1);
      expect(callsOf(store).filter((call) => call.includes('request'))).toHaveLength(1);
    });
  }

  it('with a spent verifier and no token is diagnosed: the integration has to be created anew', async () => {
    const { store, integration } = await abandonedInRequesting();
    const { consumerKey, consumerSecret } = integration;
    await fetchRequestToken(app.deps, { storeBaseUrl: store.url, consumerKey, consumerSecret });
    clock.advance(61);

    await recoverExchanges(app.deps);

    expect(await stateOf(integration)).toMatchObject({
      state: 'needs-recreate',
      failure: { code: 'verifier_spent' },
    });
    expect(app.logged()).toContain('"event":"exchange_diagnosed"');
  });

  it('and whose grant was lost is diagnosed: Reauthorize is needed', async () => {
    const { integration } = await abandonedInAccessing('drop-after');
    clock.advance(61);

    await recoverExchanges(app.deps);

    expect(await stateOf(integration)).toMatchObject({
      state: 'needs-reauthorize',
      failure: { code: 'already_granted' },
      candidates: [],
    });
  });

  it('and whose key has expired meanwhile ends as failed, and connects after another POST', async () => {
    const { store, integration } = await abandonedInRequesting();
    clock.advance(301);

    await recoverExchanges(app.deps);

    expect(await stateOf(integration)).toMatchObject({
      state: 'failed',
      failure: { code: 'consumer_key_expired' },
    });
    const { popupUrl } = await store.activate(integration.id);
    expect((await signInAt(app, popupUrl)).response.status).toBe(303);
  });

  it('and whose POST has gone meanwhile asks nobody, and ends as failed', async () => {
    const { store, integration } = await abandonedInRequesting();
    clock.advance(901);

    await recoverExchanges(app.deps);

    expect(await stateOf(integration)).toMatchObject({ state: 'failed' });
    expect(store.requests).toEqual([]);
  });
});

describe('an exchange for newer POSTs whose owner died, and whose POSTs have gone meanwhile,', () => {
  it('ends, and asks nobody: the connection that was there stays', async () => {
    const store = await storeWith();
    const { integration } = await connect(app, store);
    const { popupUrl } = await store.activate(integration.id);
    await signInAt(dying, popupUrl.replace(app.url, dying.url));
    const begun = await stateOf(integration);
    const calls = store.requests.length;
    clock.advance(901);

    await recoverExchanges(app.deps);

    const entries = await app.redis.zrange(`${app.prefix}exchanges`, '0', '-1');
    expect(begun).toMatchObject({ state: 'requesting' });
    expect(await stateOf(integration)).toMatchObject({ state: 'failed' });
    expect(String(entries)).not.toContain(integration.consumerKey);
    expect(await app.deps.credentials.has(integration.consumerKey)).toBe(true);
    expect(store.requests).toHaveLength(calls);
  });

  it('keeps a request token of another store', async () => {
    const { integration } = await abandonedInAccessing('drop-before');
    const { consumerKey } = integration;
    const left = await app.deps.activations.change(consumerKey, (current) =>
      current?.state === 'accessing'
        ? {
            ...current,
            version: current.version + 1,
            state: 'requesting',
            candidateId: '',
            storeOrigin: 'https://moved.example',
          }
        : undefined,
    );
    clock.advance(901);

    await recoverExchanges(app.deps);

    expect(await stateOf(integration)).toMatchObject({
      state: 'authorized',
      heldToken: { obtainedAt: left?.heldToken.obtainedAt },
      failure: { code: 'consumer_key_expired' },
    });
  });
});

describe('a request token that is held when Magento has been told to activate again', () => {
  it('is exchanged with the verifier that bought it, not with that of the newer POST', async () => {
    const { store, integration } = await abandonedInAccessing('drop-before');
    const [bought] = integrationNow(store, integration).tokens;
    clock.advance(30);
    await store.activate(integration.id);
    const jammed = integrationNow(store, integration).tokens;
    clock.advance(31);

    await recoverExchanges(app.deps);

    expect(jammed.map(({ type }) => type)).toEqual(['request', 'verifier']);
    expect(jammed[0]?.verifier).toBe(bought?.verifier);
    expect(callsOf(store)).toEqual([
      'POST oauth/token/request 200',
      'POST oauth/token/access unanswered',
      'POST oauth/token/access 200',
      'GET rest/V1/store/storeConfigs 200',
    ]);
    expect(await stateOf(integration)).toMatchObject({ state: 'connected' });
  });
});

describe('a pass', () => {
  it('looks after a store that goes on to give no answer less and less often', async () => {
    const { store, integration } = await abandonedInAccessing('drop-before');
    store.setFaults([{ at: 'access', do: 'drop-before' }]);
    const before = accessCalls(store);

    for (let minutes = 0; minutes < 60; minutes += 1) {
      clock.advance(61);
      await recoverExchanges(app.deps);
    }

    expect(accessCalls(store) - before).toBeGreaterThan(3);
    expect(accessCalls(store) - before).toBeLessThan(20);
    store.setFaults([]);
    clock.advance(3_601);
    await recoverExchanges(app.deps);
    expect(await stateOf(integration)).toMatchObject({ state: 'connected' });
  });

  it('drops what is on its list and needs nobody', async () => {
    const { integration } = await abandonedInAccessing('drop-after');
    const entries = () => app.redis.zrange(`${app.prefix}exchanges`, '0', '-1');
    await app.redis.zadd(`${app.prefix}exchanges`, 0, 'key-without-record attempt');
    clock.advance(61);

    await recoverExchanges(app.deps);
    await recoverExchanges(app.deps);

    expect(String(await entries())).not.toContain(integration.consumerKey);
    expect(await entries()).not.toContain('key-without-record attempt');
  });
});
