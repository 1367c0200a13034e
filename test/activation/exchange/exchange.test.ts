import { describe, expect, it } from '@jest/globals';
import { completeActivation } from '../../../src/activation/exchange/complete-activation.js';
import { disconnectStore } from '../../../src/activation/disconnect-store.js';
import type { ErrorCode } from '../../../src/errors.js';
import type { Fault } from '../../../src/sample-store/faults/faults.js';
import type { Integration } from '../../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../../src/sample-store/sample-store.js';
import { activationForm, identityQuery } from '../../support/activation.js';
import { expectFailure, readable } from '../../support/failure-page.js';
import { fakeClock } from '../../support/fake-clock.js';
import {
  callsOf,
  connect,
  integrationNow,
  newIntegration,
  openPopup,
  sendForm,
} from '../../support/popup.js';
import { merchant, startApp } from '../../support/start-app.js';
import { startStore } from '../../support/start-store.js';

const clock = fakeClock();
const app = await startApp({
  now: clock.now,
  limits: { deadlineMs: 1_000, replyBytes: 64 * 1024 },
});

function storeWith(...faults: Fault[]) {
  return startStore({ now: clock.now, faults });
}

/** Signs in once more, in a popup of its own. */
async function signInAgain(activation: { readonly popupUrl: string }) {
  const visitor = app.visitor();
  const { page, fields } = await openPopup(visitor, activation.popupUrl);
  return page.status === 200 ? sendForm(visitor, fields) : page;
}

/** The popup of an integration that is being activated, opened a second time. */
function popupOfIntegration(
  store: { readonly url: string },
  { consumerKey }: { readonly consumerKey: string },
) {
  const callback = `${store.url}admin/admin/integration/loginSuccessCallback/`;
  return { popupUrl: `${app.url}/login?${identityQuery(consumerKey, callback)}` };
}

/** The calls of the handshake, without those that prove a credential. */
function tokenCallsOf(store: SampleStore): string[] {
  return callsOf(store).filter((call) => call.includes('oauth/token'));
}

/** The verifier that Magento posts for an integration until it is exchanged. */
async function verifierOf(store: SampleStore, integration: Integration) {
  await store.activate(integration.id);
  const [row] = integrationNow(store, integration).tokens;
  return { verifier: row!.verifier };
}

describe('an exchange that fails', () => {
  const rows: readonly (readonly [
    at: 'request' | 'access',
    status: number,
    text: string,
    code: ErrorCode,
  ])[] = [
    ['request', 400, 'The "1.1" Oauth version isn\'t supported.', 'oauth_version_refused'],
    ['request', 400, '"oauth_nonce" is required. Enter and try again.', 'oauth_parameter_missing'],
    [
      'access',
      400,
      'The token length is invalid. Check the length and try again.',
      'token_refused',
    ],
    ['request', 400, 'Signature method HMAC-SHA256 is not supported', 'signature_method_refused'],
    ['request', 401, 'A consumer having the specified key does not exist', 'consumer_key_unknown'],
    ['request', 401, 'The nonce is already being used by the consumer with ID 7', 'nonce_used'],
    ['request', 401, 'An error occurred validating the nonce', 'nonce_refused'],
    ['request', 401, 'Consumer key has expired', 'consumer_key_expired'],
    ['request', 401, 'The signature is invalid. Verify and try again.', 'signature_refused'],
    ['request', 401, 'The signatire is invalid. Verify and try again.', 'signature_refused'],
    ['request', 401, 'A token with consumer ID 7 does not exist', 'verifier_missing'],
    ['access', 401, 'Specified token does not exist', 'already_granted'],
    ['access', 401, 'Token verifier and verifier token do not match', 'verifier_refused'],
    [
      'access',
      401,
      'Cannot get access token because consumer token is not a request token',
      'request_token_shadowed',
    ],
    ['request', 401, 'Der Schlüssel ist <b>abgelaufen</b>', 'oauth_problem_unknown'],
    ['request', 500, 'internal_error&message=something', 'store_failed'],
  ];
  for (const [at, status, text, code] of rows) {
    it(`at the ${at} call by "${text}" is told as ${code}`, async () => {
      const store = await storeWith({ at, do: 'problem', status, text });

      const { response, activation } = await connect(app, store);

      expectFailure(response, code);
      expect(response.text).toContain('You can close this window');
      expect(response.text).not.toContain('abgelaufen');
      expect(await app.deps.credentials.find(activation.consumerKey)).toBeUndefined();
    });
  }

  it('follows no redirect, and signs nothing for the place it leads to', async () => {
    const trap = await storeWith();
    const store = await storeWith({ at: 'request', do: 'redirect', location: trap.url });

    await connect(app, store);

    expect(trap.requests).toEqual([]);
  });

  it('is told when nothing listens at the store', async () => {
    const store = await storeWith();
    const integration = newIntegration(app, store);
    const activation = await store.activate(integration.id);
    await store.close();

    const response = await signInAgain(activation);

    expectFailure(response, 'store_unreachable');
  });

  it('leads back to the form, from which a second sign-in connects', async () => {
    const store = await storeWith({ at: 'request', do: 'status-503', times: 1 });
    const { response, visitor } = await connect(app, store);
    const [, path = ''] = /href="(\/login\?popup=[\w-]+)"/.exec(response.text) ?? [];

    const page = await visitor.get(path);

    expect(page.status).toBe(200);
    expect(page.text).toContain(`value="${merchant.username}"`);
  });
});

describe('a store on which time has passed', () => {
  it('says that the key has expired, and connects after Activate is clicked again', async () => {
    const store = await storeWith();
    const integration = newIntegration(app, store);
    const activation = await store.activate(integration.id);
    clock.advance(301);
    const late = await signInAgain(activation);

    const again = await signInAgain(await store.activate(integration.id));

    expectFailure(late, 'consumer_key_expired');
    expect(again.status).toBe(303);
  });

  it('takes a request token of the first five minutes much later', async () => {
    const store = await storeWith({ at: 'access', do: 'status-503', times: 1 });
    const { response, activation } = await connect(app, store);
    clock.advance(3_600);

    const again = await signInAgain(activation);

    expectFailure(response, 'store_unavailable');
    expect(again.status).toBe(303);
    expect(callsOf(store).filter((call) => call.includes('request'))).toHaveLength(1);
  });
});

describe('a half exchange', () => {
  it('continues from the stored request token, with its own verifier, when a new POST brought another', async () => {
    const store = await storeWith({ at: 'access', do: 'status-503', times: 1 });
    const { integration } = await connect(app, store);
    const jammed = await store.activate(integration.id);

    const again = await signInAgain(jammed);

    expect(again.status).toBe(303);
    expect(callsOf(store)).toEqual([
      'POST oauth/token/request 200',
      'POST oauth/token/access 503',
      'POST oauth/token/access 200',
      'GET rest/V1/store/storeConfigs 200',
    ]);
  });

  it('asks anew with a newer verifier when the store no longer takes the token, in whatever words', async () => {
    const store = await storeWith({
      at: 'access',
      do: 'problem',
      status: 401,
      text: 'Das Token gibt es nicht',
      times: 2,
    });
    const { response, integration } = await connect(app, store);
    clock.advance(1);
    const anew = await store.reauthorize(integration.id);

    const again = await signInAgain(anew);

    expectFailure(response, 'oauth_problem_unknown');
    expect(again.status).toBe(303);
    expect(callsOf(store)).toEqual([
      'POST oauth/token/request 200',
      'POST oauth/token/access 401',
      'POST oauth/token/access 401',
      'POST oauth/token/request 200',
      'POST oauth/token/access 200',
      'GET rest/V1/store/storeConfigs 200',
    ]);
  });

  it('keeps its request token when the newer verifier is not taken either', async () => {
    const store = await storeWith({ at: 'access', do: 'html-200', times: 2 });
    const { integration } = await connect(app, store);
    clock.advance(1);
    const jammed = await store.activate(integration.id);

    const refused = await signInAgain(jammed);
    const again = await signInAgain(jammed);

    expectFailure(refused, 'verifier_spent');
    expect(again.status).toBe(303);
  });

  it('waits out its lease when the grant was lost, then asks for Reauthorize, which connects', async () => {
    const store = await storeWith({ at: 'access', do: 'drop-after', times: 1 });
    const { response, activation, integration } = await connect(app, store);
    expectFailure(response, 'grant_lost');
    const lease = await app.deps.activations.find(activation.consumerKey);
    clock.advance(61);

    const diagnosed = await signInAgain(activation);
    const reauthorized = await signInAgain(await store.reauthorize(integration.id));

    expect(lease).toMatchObject({ state: 'accessing' });
    expectFailure(diagnosed, 'already_granted');
    expect(readable(diagnosed.text)).toContain('click Reauthorize');
    expect(reauthorized.status).toBe(303);
    expect(integrationNow(store, integration).status).toBe('active');
  });

  it('lets nobody call the store again while the lost access call may still be at work there', async () => {
    const store = await storeWith({ at: 'access', do: 'drop-after', times: 1 });
    const { activation } = await connect(app, store);
    const calls = callsOf(store).length;

    const again = await signInAgain(activation);

    expectFailure(again, 'exchange_under_way');
    expect(again.text).toContain('Please wait a moment');
    expect(callsOf(store)).toHaveLength(calls);
  });

  it('tells a second sign-in that was looking on the same as the first', async () => {
    const store = await storeWith({ at: 'access', do: 'slow', ms: 3_000 });
    const activation = await store.activate(newIntegration(app, store).id);
    const visitor = app.visitor();
    const { fields } = await openPopup(visitor, activation.popupUrl);

    const responses = await Promise.all([sendForm(visitor, fields), sendForm(visitor, fields)]);

    for (const response of responses) expectFailure(response, 'grant_lost');
  });

  it('keeps a grant that arrives when another attempt has taken the exchange over', async () => {
    const store = await storeWith(
      { at: 'access', do: 'slow', ms: 400, times: 1 },
      { at: 'access', do: 'slow', ms: 700, times: 1 },
    );
    const first = connect(app, store);
    while (!store.requests.some(({ path }) => path.includes('access'))) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.advance(61);
    const [integration] = store.integrations();
    const activation = await app.deps.activations.find(integration!.consumerKey);
    expect(activation?.state).toBe('accessing');

    const [{ response }, takenOver] = await Promise.all([
      first,
      signInAgain(popupOfIntegration(store, integration!)),
    ]);

    const credential = await app.deps.credentials.find(integration!.consumerKey);
    expect(response.status).toBe(303);
    expect(takenOver.status).toBe(303);
    expect(app.deps.credentials.open(credential!).accessToken).toBe(
      integrationNow(store, integration!).tokens[0]?.token,
    );
  });

  it('stores the request token sealed before it makes the access call', async () => {
    const store = await storeWith({ at: 'access', do: 'drop-before', times: 1 });
    const { activation, integration } = await connect(app, store);

    const record = await app.redis.get(`${app.prefix}activation:{${activation.consumerKey}}`);

    const [row] = integrationNow(store, integration).tokens;
    expect(row?.type).toBe('request');
    expect(record).toContain('heldToken');
    expect(record).not.toContain(row?.token);
    expect(record).not.toContain(row?.secret);
    expect(record).not.toContain(row?.verifier);
  });
});

describe('Reauthorize', () => {
  it('replaces the credential by one that works, and only when the new exchange has succeeded', async () => {
    const store = await storeWith();
    const { integration, activation } = await connect(app, store);
    const before = await app.deps.credentials.find(activation.consumerKey);
    const reauthorized = await store.reauthorize(integration.id);
    store.setFaults([{ at: 'request', do: 'status-503', times: 1 }]);
    const failed = await signInAgain(reauthorized);
    const kept = await app.deps.credentials.find(activation.consumerKey);

    const response = await signInAgain(reauthorized);

    const after = await app.deps.credentials.find(activation.consumerKey);
    expectFailure(failed, 'store_unavailable');
    expect(kept).toEqual(before);
    expect(response.status).toBe(303);
    expect(app.deps.credentials.open(after!).accessToken).toBe(
      integrationNow(store, integration).tokens[0]?.token,
    );
    expect(after?.version).toBeGreaterThan(before!.version);
  });

  it('is not believed of a POST with another secret: sign-in returns without a token call', async () => {
    const [store, evil] = [await storeWith(), await storeWith()];
    const { activation, visitor, fields } = await connect(app, store);
    const before = await app.deps.credentials.find(activation.consumerKey);
    const calls = tokenCallsOf(store);
    await app
      .visitor()
      .post('/endpoint')
      .type('form')
      .send({
        oauth_consumer_key: activation.consumerKey,
        oauth_consumer_secret: 'e'.repeat(32),
        oauth_verifier: 'v'.repeat(32),
        store_base_url: evil.url,
      });

    const response = await sendForm(visitor, fields);

    expect(response.status).toBe(303);
    expect(await app.deps.credentials.find(activation.consumerKey)).toEqual(before);
    expect(tokenCallsOf(store)).toEqual(calls);
    expect(evil.requests).toEqual([]);
  });

  it('tells nobody to delete an integration that works, though the store does not take its verifier', async () => {
    const store = await storeWith();
    const { integration } = await connect(app, store);
    const before = await app.deps.credentials.find(integration.consumerKey);
    const again = await store.activate(integration.id);

    const response = await signInAgain(again);

    const { state } = (await app.deps.activations.find(integration.consumerKey))!;
    const { lastCheck, ...after } = (await app.deps.credentials.find(integration.consumerKey))!;
    expect(response.headers['location']).toBe(again.successCallbackUrl);
    expect(state).toBe('connected');
    expect(lastCheck?.result).toBe('connected');
    expect(after).toMatchObject({ accessToken: before!.accessToken });
  });

  it('takes the verifier that was worth nothing once Reauthorize has made it worth something', async () => {
    const store = await storeWith();
    const { integration } = await connect(app, store);
    await signInAgain(await store.activate(integration.id));
    const before = await app.deps.credentials.find(integration.consumerKey);
    const reauthorized = await store.reauthorize(integration.id);

    const response = await signInAgain(reauthorized);

    const after = await app.deps.credentials.find(integration.consumerKey);
    expect(response.status).toBe(303);
    expect(integrationNow(store, integration).status).toBe('active');
    expect(after?.accessToken).not.toBe(before?.accessToken);
  });

  it('signs nothing for a store that took the place of the one that was meant, while its form was on the way', async () => {
    const [store, evil] = [await storeWith(), await storeWith()];
    const { integration } = await connect(app, store);
    const { consumerKey } = integration;
    await disconnectStore(app.deps, consumerKey);
    const forged = activationForm({ oauth_consumer_key: consumerKey, store_base_url: evil.url });
    await app.visitor().post('/endpoint').type('form').send(forged);
    const wantedOrigin = new URL(store.url).origin;

    const completed = completeActivation(app.deps, {
      consumerKey,
      account: merchant.username,
      wantedOrigin,
      invited: undefined,
    });

    await expect(completed).rejects.toMatchObject({ code: 'store_ambiguous' });
    expect(evil.requests).toEqual([]);
  });

  it('is not mistaken for the POST that was exchanged, sent once more', async () => {
    const store = await storeWith();
    const integration = newIntegration(app, store);
    const { verifier } = await verifierOf(store, integration);
    const { activation, visitor, fields } = await connect(app, store, integration);
    const calls = tokenCallsOf(store);
    await app.visitor().post('/endpoint').type('form').send({
      oauth_consumer_key: integration.consumerKey,
      oauth_consumer_secret: integration.consumerSecret,
      oauth_verifier: verifier,
      store_base_url: store.url,
    });

    const response = await sendForm(visitor, fields);

    expect(response.headers['location']).toBe(activation.successCallbackUrl);
    expect(tokenCallsOf(store)).toEqual(calls);
  });

  it('is asked for once a store was disconnected here', async () => {
    const store = await storeWith();
    const { activation, integration } = await connect(app, store);
    await disconnectStore(app.deps, activation.consumerKey);

    const gone = await signInAgain(activation);
    const back = await signInAgain(await store.reauthorize(integration.id));

    expectFailure(gone, 'disconnected');
    expect(back.status).toBe(303);
  });
});

describe('the first signed call', () => {
  it('takes missing permission for a connection that works', async () => {
    const store = await storeWith();
    const integration = store.addIntegration({
      name: 'Limited',
      endpointUrl: `${app.url}/endpoint`,
      identityUrl: `${app.url}/login`,
      resources: ['Magento_Catalog::products'],
    });

    const { response, activation } = await connect(app, store, integration);

    expect(response.status).toBe(303);
    expect(await app.deps.credentials.find(activation.consumerKey)).toMatchObject({
      lastCheck: {
        result: 'connected_without_permission',
        detail: expect.stringContaining('Magento_Backend::store') as unknown,
      },
    });
  });
});
