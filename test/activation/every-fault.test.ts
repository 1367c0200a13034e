import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { State } from '../../src/activation/activation.js';
import type { ErrorCode } from '../../src/errors.js';
import { checkStore } from '../../src/console/check-store.js';
import { authorityFile, certificateKinds } from '../../src/sample-store/faults/certificates.js';
import { faultKinds } from '../../src/sample-store/faults/fault-kinds.js';
import { readFaultSpec } from '../../src/sample-store/faults/read-fault.js';
import type { Activation } from '../../src/sample-store/integrations/activation.js';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { until } from '../faults/rig.js';
import { hiddenFields } from '../support/activation.js';
import { expectFailure, readable } from '../support/failure-page.js';
import { fakeClock } from '../support/fake-clock.js';
import {
  callsOf,
  connect,
  integrationNow,
  newIntegration,
  openPopup,
  sendForm,
  type Visitor,
} from '../support/popup.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import {
  allCalls,
  type Circumstances,
  failing,
  passing,
  type Way,
  ways,
  withoutPopup,
} from './fault-rows.js';

const clock = fakeClock();
const app = await startApp({
  now: clock.now,
  limits: { deadlineMs: 1_000, replyBytes: 64 * 1024 },
});

function listOf(faults: string | readonly string[]): readonly string[] {
  return typeof faults === 'string' ? [faults] : faults;
}

/** A store with these faults, and an integration that has just been activated. */
async function activated(
  faults: string | readonly string[],
  { late = 0, resources }: Circumstances = {},
) {
  const store = await startStore({ now: clock.now });
  store.setFaults(
    listOf(faults).map((spec) => readFaultSpec(spec.replace('http://store/', store.url))),
  );
  const integration = store.addIntegration({
    name: 'Demo',
    endpointUrl: `${app.url}/endpoint`,
    identityUrl: `${app.url}/login`,
    ...(resources && { resources }),
  });
  const activation = await store.activate(integration.id);
  clock.advance(late);
  return { store, integration, activation };
}

/** The calls, by where they go. */
function shortCallsOf(store: SampleStore): string[] {
  return callsOf(store).map((call) => {
    const [, path = '', status] = call.split(' ');
    return `${path.startsWith('oauth/') ? path.slice('oauth/token/'.length) : 'rest'} ${status}`;
  });
}

async function stateOf({ consumerKey }: Integration, { deps } = app): Promise<State | undefined> {
  return (await deps.activations.find(consumerKey))?.state;
}

/** The merchant in front of a page of the popup. */
interface Scene {
  readonly store: SampleStore;
  readonly integration: Integration;
  readonly successCallbackUrl: string;
  readonly visitor: Visitor;
  readonly page: Awaited<ReturnType<typeof sendForm>>;
}

/** Does not hurry on when a store is slow: what it does late, it has done by then. */
async function hasCalmedDown(store: SampleStore, faults: string | readonly string[]) {
  if (!listOf(faults)[0]?.startsWith('slow@')) return;
  await until('the slow call', () => store.requests.at(-1)?.status !== undefined);
}

/** Opens the popup of an activation and signs in. */
async function signIn(
  store: SampleStore,
  integration: Integration,
  { popupUrl, successCallbackUrl }: Activation,
): Promise<Scene> {
  const visitor = app.visitor();
  const { fields } = await openPopup(visitor, popupUrl);
  const page = await sendForm(visitor, fields);
  return { store, integration, successCallbackUrl, visitor, page };
}

/** Does what the page says. Activate and Reauthorize are there only when Magento's grid has them. */
async function goOn(scene: Scene, way: Way): Promise<Scene> {
  const { store, integration, visitor, page } = scene;
  expect(readable(page.text)).toMatch(ways[way]);
  clock.advance(way.startsWith('wait') ? 61 : 1);
  if (way === 'recreate') {
    store.remove(integration.id);
    const anew = newIntegration(app, store);
    return signIn(store, anew, await store.activate(anew.id));
  }
  if (!way.endsWith('sign in')) {
    const isActive = integrationNow(store, integration).status === 'active';
    expect(isActive).toBe(way.endsWith('Reauthorize'));
    const { id } = integration;
    const clicked = isActive ? store.reauthorize(id) : store.activate(id);
    return signIn(store, integration, await clicked);
  }
  const [, path = ''] = /href="(\/login\?popup=[\w-]+)"/.exec(page.text) ?? [];
  const form = await visitor.get(path);
  return { ...scene, page: await sendForm(visitor, hiddenFields(form.text)) };
}

/** Expects the return to Magento, and the credential that the store has given last. */
async function expectConnected({ store, successCallbackUrl, page }: Scene) {
  const integration = store.integrations().at(-1)!;
  const { consumerKey } = integration;
  const credential = await app.deps.credentials.find(consumerKey);
  expect([page.status, page.headers['location']]).toEqual([303, successCallbackUrl]);
  expect(await stateOf(integration)).toBe('connected');
  expect(integrationNow(store, integration).status).toBe('active');
  expect(app.deps.credentials.open(credential!).accessToken).toBe(
    integrationNow(store, integration).tokens[0]?.token,
  );
  return credential!;
}

describe('a fault that ends a sign-in', () => {
  for (const [faults, calls, steps, circumstances] of failing) {
    const story = steps.map(([told, , way]) => `${told}, ${way}`).join(', ');
    it(`${listOf(faults).join(' and ')}: ${story}`, async () => {
      const { store, integration, activation } = await activated(faults, circumstances);

      let scene = await signIn(store, integration, activation);

      expect(shortCallsOf(store)).toEqual(calls);
      await hasCalmedDown(store, faults);
      if (!circumstances?.lasts) store.setFaults([]);
      for (const [told, state, way] of steps) {
        const [status = '', code] = told.split(' ');
        expectFailure(scene.page, code as ErrorCode);
        expect(scene.page.status).toBe(Number(status));
        expect(await stateOf(integration)).toBe(state);
        scene = await goOn(scene, way);
      }
      await expectConnected(scene);
    });
  }
});

describe('a fault that a sign-in passes', () => {
  for (const [faults, check, calls, circumstances] of passing) {
    it(`${listOf(faults).join(' and ')}: 303, ${check}`, async () => {
      const { store, integration, activation } = await activated(faults, circumstances);

      const scene = await signIn(store, integration, activation);

      const credential = await expectConnected(scene);
      expect(credential.lastCheck?.result).toBe(check);
      expect(shortCallsOf(store)).toEqual(calls);
      store.setFaults([]);
      expect(await checkStore(app.deps, credential)).toMatch(/^connected/);
    });
  }
});

describe('a fault of the POST that keeps Magento from opening the popup', () => {
  for (const [fault, state] of withoutPopup) {
    it(`${fault}: Activate`, async () => {
      const { store, integration, activation } = await activated(fault);
      const before = await stateOf(integration);
      store.setFaults([]);

      const { activation: again, response } = await connect(app, store, integration);

      expect(activation.delivered).toBe(false);
      expect(before).toBe(state);
      expect([response.status, response.headers['location']]).toEqual([
        303,
        again.successCallbackUrl,
      ]);
      expect(shortCallsOf(store)).toEqual(allCalls);
    });
  }
});

describe('a base URL at which another Magento is', () => {
  it('wrong-base-url@post: is asked about, 502 consumer_key_unknown, recreate', async () => {
    const other = await startStore({ now: clock.now });
    const { store, integration, activation } = await activated(
      `wrong-base-url@post,url=${other.url}`,
    );
    const scene = await signIn(store, integration, activation);
    const confirm = scene.visitor.post('/checklogin/confirm').type('form');

    const page = await confirm.send(hiddenFields(scene.page.text));

    expect(scene.page.text).toContain('return to');
    expectFailure(page, 'consumer_key_unknown');
    expect(shortCallsOf(other)).toEqual(['request 401']);
    expect(store.requests).toEqual([]);
    store.setFaults([]);
    await expectConnected(await goOn({ ...scene, page }, 'recreate'));
  });
});

describe('a store that speaks TLS, to an app that trusts its authority,', () => {
  const ca = readFileSync(authorityFile, 'utf8');

  it('is connected with a good certificate', async () => {
    const trusting = await startApp({ now: clock.now, extraAuthorities: [ca] });
    const store = await startStore({ now: clock.now, tls: { certificate: 'good' } });

    const { response, integration } = await connect(trusting, store);

    expect(response.status).toBe(303);
    expect(integrationNow(store, integration).status).toBe('active');
  });

  for (const certificate of certificateKinds.filter((kind) => kind !== 'good')) {
    it(`is not with one that is ${certificate}: 502 store_tls_untrusted, and nothing reaches the store`, async () => {
      const trusting = await startApp({ now: clock.now, extraAuthorities: [ca] });
      const store = await startStore({ now: clock.now, tls: { certificate } });

      const { response, integration } = await connect(trusting, store);

      expectFailure(response, 'store_tls_untrusted');
      expect(response.status).toBe(502);
      expect(readable(response.text)).toMatch(ways.Activate);
      expect(await stateOf(integration, trusting)).toBe('failed');
      expect(store.requests).toEqual([]);
      expect(integrationNow(store, integration).tokens).toMatchObject([{ type: 'verifier' }]);
    });
  }
});

describe('these tables', () => {
  it('have a row for every fault at every place where it can strike', () => {
    const rows = [...failing, ...passing, ...withoutPopup].map(
      ([faults]) => listOf(faults)[0]?.split(',')[0],
    );
    const catalogue = Object.entries(faultKinds).flatMap(([name, { at }]) =>
      at.map((place) => `${name}@${place}`),
    );

    expect([...new Set(rows)].sort()).toEqual(catalogue.sort());
  });
});
