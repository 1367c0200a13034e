import { describe, expect, it } from '@jest/globals';
import { disconnectStore } from '../../src/activation/disconnect-store.js';
import { candidatePlace } from '../../src/activation/places.js';
import { recoverExchanges } from '../../src/activation/exchange/recovery.js';
import { replaySpool } from '../../src/activation/exchange/replay-spool.js';
import { fakeClock } from '../support/fake-clock.js';
import { startHeldStore } from '../support/held-store.js';
import { callsOf, newIntegration } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post, recordOf, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** A connected store that has been reauthorized since, so that the next sign-in runs an exchange. */
async function reauthorized() {
  const store = await startHeldStore({ now: clock.now });
  const integration = newIntegration(app, store);
  await store.activate(integration.id);
  const popupUrl = popupUrlFrom(app, integration, store.url);
  expect((await signInAt(app, popupUrl)).response.status).toBe(303);
  clock.advance(1);
  await store.reauthorize(integration.id);
  const { consumerKey } = integration;
  return {
    store,
    integration,
    consumerKey,
    popupUrl,
    disconnect: () => disconnectStore(app.deps, consumerKey),
    activation: () => app.deps.activations.find(consumerKey),
    credential: () => recordOf(app, 'credential', integration),
    accessCalls: () => callsOf(store).filter((call) => call.includes('access')).length,
  };
}

describe('a store that is disconnected while it is asked', () => {
  it('for access stays so when the grant arrives', async () => {
    const { store, popupUrl, disconnect, activation, credential } = await reauthorized();
    const grant = store.holdReplyTo('token/access');
    const signingIn = signInAt(app, popupUrl);
    await grant.given;
    expect(await disconnect()).toBe(true);

    grant.letGo();

    const { response } = await signingIn;
    expect(response.status).toBe(409);
    expect(response.text).toContain('was disconnected here');
    expect(await credential()).toBeNull();
    expect(await activation()).toMatchObject({ state: 'disconnected', generation: 1 });
  });

  it('for access stays so though a POST has come since: the grant is of before', async () => {
    const { store, integration, popupUrl, disconnect, activation, credential } =
      await reauthorized();
    const grant = store.holdReplyTo('token/access');
    const signingIn = signInAt(app, popupUrl);
    await grant.given;
    await disconnect();
    await post(app, forgedForm(integration, { store_base_url: store.url }));

    grant.letGo();

    const { response } = await signingIn;
    expect(response.status).toBe(409);
    expect(await credential()).toBeNull();
    expect(await activation()).toMatchObject({ state: 'received', generation: 1 });
  });

  for (const [what, hasPost] of [
    ['stays so when the token arrives', false],
    ['stays so though a POST has come since: the token is of before', true],
  ] as const) {
    it(`for a request token ${what}, and is asked for nothing more`, async () => {
      const { store, integration, popupUrl, disconnect, activation, credential, accessCalls } =
        await reauthorized();
      const [token, before] = [store.holdReplyTo('token/request'), accessCalls()];
      const signingIn = signInAt(app, popupUrl);
      await token.given;
      await disconnect();
      if (hasPost) await post(app, forgedForm(integration, { store_base_url: store.url }));

      token.letGo();

      const { response } = await signingIn;
      const after = await activation();
      expect(response.status).toBe(409);
      expect(after?.generation).toBe(1);
      expect(after).not.toHaveProperty('heldToken');
      expect(accessCalls()).toBe(before);
      expect(await credential()).toBeNull();
    });
  }
});

describe('a store that was disconnected', () => {
  it('gets nothing back from the spool that is of before, though a POST has come since', async () => {
    const { integration, consumerKey, disconnect, activation, credential } = await reauthorized();
    const stored = (await app.deps.credentials.find(consumerKey))!;
    const { storeBaseUrl, account } = stored;
    const entry = { consumerKey, account, generation: 0 };
    const obtainedAt = clock.now();
    const place = candidatePlace(consumerKey, storeBaseUrl);
    const sealed = (field: string) => app.deps.ring.seal('a secret of before', place(field));
    const heldToken = {
      ...{ storeBaseUrl, obtainedAt, verifiers: [] },
      consumerSecret: sealed('requestToken.consumerSecret'),
      token: sealed('requestToken'),
      tokenSecret: sealed('requestTokenSecret'),
    };
    const grant = { candidateId: 'any', obtainedAt, credential: stored };
    const replay = async () => {
      await app.deps.spool.keep({ ...entry, kind: 'grant', ...grant });
      await app.deps.spool.keep({ ...entry, kind: 'request-token', heldToken });
      await replaySpool(app.deps);
      return app.deps.spool.names();
    };
    await disconnect();
    const tombstone = await activation();
    const leftAtOnce = await replay();
    const unchanged = await activation();
    await post(app, forgedForm(integration));
    const received = await activation();

    const leftLater = await replay();

    expect(unchanged).toEqual(tombstone);
    expect(await activation()).toEqual(received);
    expect([...leftAtOnce, ...leftLater]).toEqual([]);
    expect(await credential()).toBeNull();
  });

  it('is remembered for longer than a POST that comes since', async () => {
    const { integration, consumerKey, disconnect, activation } = await reauthorized();
    await disconnect();

    await post(app, forgedForm(integration));

    const lifeMs = await app.redis.pttl(`${app.prefix}activation:{${consumerKey}}`);
    expect(await activation()).toMatchObject({ state: 'received', generation: 1 });
    expect(lifeMs).toBeGreaterThan(29 * 24 * 3600 * 1000);
  });

  it('is not called by a recovery pass, whose exchange it ended', async () => {
    const { store, consumerKey, popupUrl, disconnect, activation } = await reauthorized();
    store.setFaults([{ at: 'access', do: 'drop-before', times: 1 }]);
    await signInAt(app, popupUrl);
    expect(await activation()).toMatchObject({ state: 'accessing' });
    await disconnect();
    const calls = store.requests.length;
    clock.advance(61);

    await recoverExchanges(app.deps);

    expect(store.requests).toHaveLength(calls);
    expect(await activation()).toMatchObject({ state: 'disconnected' });
    expect(await app.redis.zscore(`${app.prefix}exchanges`, consumerKey)).toBeNull();
  });

  it('is connected again by a new POST and a sign-in, by whoever signs in', async () => {
    const { store, integration, popupUrl, disconnect, activation, credential } =
      await reauthorized();
    await disconnect();
    const gone = await signInAt(app, popupUrl);
    clock.advance(1);
    await store.reauthorize(integration.id);

    const { response } = await signInAt(app, popupUrl);

    expect(gone.response.status).toBe(409);
    expect(response.status).toBe(303);
    expect(await activation()).toMatchObject({ state: 'connected', generation: 1 });
    expect(await credential()).not.toBeNull();
  });
});
