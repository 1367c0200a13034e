import { describe, expect, it } from '@jest/globals';
import { heldTokenOf } from '../../../src/activation/activation.js';
import type { Fault } from '../../../src/sample-store/faults/faults.js';
import { until } from '../../faults/rig.js';
import { fakeClock } from '../../support/fake-clock.js';
import { startHeldStore } from '../../support/held-store.js';
import { callsOf, newIntegration } from '../../support/popup.js';
import { popupUrlFrom, signInAt } from '../../support/posts.js';
import { startApp } from '../../support/start-app.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** Two sign-ins: the reply to the first's request call is held up beyond its lease, so that the second asks, too. */
async function overtaken(faults: readonly Fault[] = []) {
  const store = await startHeldStore({ now: clock.now, faults });
  const integration = newIntegration(app, store);
  await store.activate(integration.id);
  const popupUrl = popupUrlFrom(app, integration, store.url);
  const token = store.holdReplyTo('token/request');
  const first = signInAt(app, popupUrl);
  await token.given;
  clock.advance(61);
  const refusal = store.holdReplyTo('token/request');
  const second = signInAt(app, popupUrl);
  await refusal.given;
  const record = () => app.deps.activations.find(integration.consumerKey);
  return { store, first, second, token, refusal, record };
}

const calls = [
  'POST oauth/token/request 200',
  'POST oauth/token/request 401',
  'POST oauth/token/access 200',
  'GET rest/V1/store/storeConfigs 200',
];

describe('a request token that arrives after its lease', () => {
  it('is used by the attempt that took over and is told that the verifier is spent', async () => {
    const { store, first, second, token, refusal, record } = await overtaken();
    token.letGo();
    await until('the token', async () => heldTokenOf((await record())!) !== undefined);
    refusal.letGo();

    const [early, late] = await Promise.all([first, second]);

    expect(late.response.status).toBe(303);
    expect([303, 409]).toContain(early.response.status);
    expect(callsOf(store)).toEqual(calls);
    expect(await record()).toMatchObject({ state: 'connected' });
  });

  it('is taken up again by its own attempt when the other has ended with that diagnosis', async () => {
    const { store, first, second, token, refusal, record } = await overtaken();
    refusal.letGo();
    const late = await second;
    const diagnosed = await record();

    token.letGo();

    const early = await first;
    expect(late.response.status).toBe(409);
    expect(late.response.text).toContain('verifier_spent');
    expect(diagnosed).toMatchObject({ state: 'needs-recreate' });
    expect(early.response.status).toBe(303);
    expect(callsOf(store)).toEqual(calls);
    expect(await record()).toMatchObject({ state: 'connected' });
  });
});

describe('an attempt that is overtaken', () => {
  it('and then fails leaves the lease and the record to the one that took over', async () => {
    const { store, first, second, token, refusal, record } = await overtaken([
      { at: 'request', do: 'status-503', times: 1 },
    ]);
    const before = await record();

    token.letGo();
    const early = await first;
    const after = await record();
    refusal.letGo();

    const late = await second;
    expect(early.response.status).toBe(409);
    expect(early.response.text).toContain('exchange_under_way');
    expect(after).toEqual(before);
    expect(after).toHaveProperty('lease');
    expect(late.response.status).toBe(303);
    expect(callsOf(store)).toEqual([
      'POST oauth/token/request 503',
      'POST oauth/token/request 200',
      'POST oauth/token/access 200',
      'GET rest/V1/store/storeConfigs 200',
    ]);
  });
});
