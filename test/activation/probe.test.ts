import { describe, expect, it } from '@jest/globals';
import { probeDueStores } from '../../src/activation/probe.js';
import type { Fault } from '../../src/sample-store/faults/faults.js';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import { until } from '../faults/rig.js';
import { fakeClock } from '../support/fake-clock.js';
import { startHeldStore } from '../support/held-store.js';
import { callsOf, connect, integrationNow, newIntegration } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post, recordOf, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({
  now: clock.now,
  limits: { deadlineMs: 5_000, replyBytes: 64 * 1024 },
});
const probed = 'GET rest/V1/store/storeConfigs';

/** A store that was connected a minute ago. */
async function connectedStore() {
  const store = await startStore({ now: clock.now });
  const { integration, activation } = await connect(app, store);
  clock.advance(60);
  const { consumerKey } = integration;
  const before = await recordOf(app, 'credential', integration);
  const credential = (await app.deps.credentials.find(consumerKey))!;
  const notice = () => app.deps.notices.find(credential);
  return {
    store,
    integration,
    popupUrl: activation.popupUrl,
    before,
    notice,
    verdict: async () => (await notice())?.lastPost?.verdict,
    /** The calls since it was connected. */
    calls: () => callsOf(store).slice(3),
    isOnList: async () => (await app.redis.zscore(`${app.prefix}probes`, consumerKey)) !== null,
  };
}

function forge(integration: Integration, storeBaseUrl = 'https://forger.example/') {
  return post(app, forgedForm(integration, { store_base_url: storeBaseUrl }));
}

describe('a POST for a connected store', () => {
  it('whose token is alive is suspicious: found out at the stored store, not where the POST points', async () => {
    const { integration, store, before, verdict, notice, calls, isOnList } = await connectedStore();
    const forger = await startStore({ now: clock.now });

    expect(await forge(integration, forger.url)).toBe(200);

    await until('a verdict', async () => (await verdict()) !== undefined);
    await until('an end', async () => !(await isOnList()));
    expect(await notice()).toMatchObject({
      lastPost: { verdict: 'suspicious', at: clock.now(), storeBaseUrl: forger.url },
    });
    expect(calls()).toEqual([`${probed} 200`]);
    expect(forger.requests).toEqual([]);
    expect(await recordOf(app, 'credential', integration)).toBe(before);
    expect(integrationNow(store, integration).status).toBe('active');
    expect(app.logged()).toContain('"event":"post_suspicious"');
  });

  it('whose token is dead supersedes it, and the credential stays as it is', async () => {
    const { integration, store, before, verdict, calls } = await connectedStore();

    await store.reauthorize(integration.id);

    await until('a verdict', async () => (await verdict()) !== undefined);
    expect(await verdict()).toBe('superseded');
    expect(calls()).toEqual([`${probed} 401`]);
    expect(await recordOf(app, 'credential', integration)).toBe(before);
    expect(await app.deps.activations.find(integration.consumerKey)).toMatchObject({
      state: 'connected',
    });
  });

  it('is answered before the store is', async () => {
    const { integration, store, verdict, calls } = await connectedStore();
    store.setFaults([{ at: 'rest', do: 'slow', ms: 1_000 }]);

    expect(await forge(integration)).toBe(200);

    expect(await verdict()).toBeUndefined();
    await until('a call', () => calls().length === 1);
    expect(calls()).toEqual([`${probed} unanswered`]);
    await until('a verdict', async () => (await verdict()) === 'suspicious');
  });

  it('leads to one call in a minute, and to one more when the minute is over', async () => {
    const { integration, verdict, notice, calls, isOnList } = await connectedStore();
    await forge(integration);
    await until('a verdict', async () => (await verdict()) !== undefined);
    await until('an end', async () => !(await isOnList()));
    clock.advance(1);

    for (let n = 0; n < 5; n += 1) await forge(integration);
    await until('a note of it', isOnList);
    await probeDueStores(app.deps);
    const inTheMinute = calls().length;
    clock.advance(61);
    await probeDueStores(app.deps);
    const afterIt = calls().length;
    clock.advance(61);
    await probeDueStores(app.deps);

    expect(inTheMinute).toBe(1);
    expect(afterIt).toBe(2);
    expect(calls()).toHaveLength(2);
    expect((await notice())?.lastPost?.at).toEqual(new Date(clock.now().getTime() - 122_000));
    expect(await isOnList()).toBe(false);
  });

  it('is made up for by one process of several', async () => {
    const { integration, store, verdict, calls, isOnList } = await connectedStore();
    const other = await startApp({ now: clock.now, prefix: app.prefix });
    await forge(integration);
    await until('a verdict', async () => (await verdict()) !== undefined);
    clock.advance(1);
    await store.reauthorize(integration.id);
    await until('a note of it', isOnList);
    clock.advance(61);

    await Promise.all([probeDueStores(app.deps), probeDueStores(other.deps)]);

    expect(await verdict()).toBe('superseded');
    expect(calls()).toHaveLength(2);
  });

  it('is not judged by a call that was made before it', async () => {
    const store = await startHeldStore({ now: clock.now });
    const integration = newIntegration(app, store);
    await store.activate(integration.id);
    await signInAt(app, popupUrlFrom(app, integration, store.url));
    clock.advance(60);
    const credential = (await app.deps.credentials.find(integration.consumerKey))!;
    const lastPost = async () => (await app.deps.notices.find(credential))?.lastPost;
    const forgedAt = clock.now();
    const reply = store.holdReplyTo('storeConfigs');
    await forge(integration);
    await reply.given;
    clock.advance(1);
    await store.reauthorize(integration.id);

    reply.letGo();

    await until('a verdict', async () => (await lastPost()) !== undefined);
    expect(await lastPost()).toMatchObject({ verdict: 'suspicious', at: forgedAt });
    clock.advance(61);
    await probeDueStores(app.deps);
    expect(await lastPost()).toMatchObject({ verdict: 'superseded' });
  });

  const withoutVerdict: Readonly<Record<string, Fault>> = {
    'while the store cannot be asked': { at: 'rest', do: 'status-503', times: 1 },
    'from a store that refuses the call for its time': {
      ...{ at: 'rest', do: 'problem', status: 401, times: 1 },
      text: 'The nonce is already being used by the consumer with ID 7',
    },
  };
  for (const [when, fault] of Object.entries(withoutVerdict)) {
    it(`gets no verdict ${when}, and one later`, async () => {
      const { integration, store, before, verdict, notice, calls, isOnList } =
        await connectedStore();
      store.setFaults([fault]);
      await forge(integration);
      await until('a call', () => calls().length === 1);
      await until('its end', async () => (await notice()) !== undefined && (await isOnList()));
      const atFirst = await verdict();
      const unchanged = await recordOf(app, 'credential', integration);
      clock.advance(61);

      await probeDueStores(app.deps);

      expect(atFirst).toBeUndefined();
      expect(unchanged).toBe(before);
      expect(await verdict()).toBe('suspicious');
      expect(await isOnList()).toBe(false);
    });
  }

  it('that is forgotten before the store could be asked is asked about no more', async () => {
    const { integration, store, calls, verdict, isOnList } = await connectedStore();
    store.setFaults([{ at: 'rest', do: 'status-503' }]);
    await forge(integration);
    await until('a call', () => calls().length === 1);

    for (let minutes = 0; minutes < 20; minutes += 1) {
      clock.advance(61);
      await probeDueStores(app.deps);
    }

    expect(await verdict()).toBeUndefined();
    expect(calls().length).toBeLessThanOrEqual(17);
    expect(await isOnList()).toBe(false);
  });
});

describe('a connected store whose token is dead', () => {
  /** Reauthorized, and found out. */
  async function supersededStore() {
    const connected = await connectedStore();
    await connected.store.reauthorize(connected.integration.id);
    await until('a verdict', async () => (await connected.verdict()) === 'superseded');
    return connected;
  }

  it('is connected anew by a sign-in, in whose failing the old record stays', async () => {
    const { integration, store, popupUrl, before } = await supersededStore();
    store.setFaults([{ at: 'access', do: 'status-503', times: 1 }]);

    const failed = await signInAt(app, popupUrl);
    const kept = await recordOf(app, 'credential', integration);
    const connected = await signInAt(app, popupUrl);

    const credential = await app.deps.credentials.find(integration.consumerKey);
    expect(failed.response.status).toBe(502);
    expect(kept).toBe(before);
    expect(connected.response.status).toBe(303);
    expect(credential).toMatchObject({ lastCheck: { result: 'connected' } });
    expect(app.deps.credentials.open(credential!).accessToken).toBe(
      integrationNow(store, integration).tokens[0]?.token,
    );
    expect(await app.deps.notices.find(credential!)).toBeUndefined();
  });

  it('is not called connected when its POST has gone: Activate has to be clicked again', async () => {
    const { integration, store } = await supersededStore();
    clock.advance(901);

    const { response } = await signInAt(app, popupUrlFrom(app, integration, store.url));

    expect(response.status).toBe(410);
    expect(response.text).toContain('activation_expired');
  });
});
