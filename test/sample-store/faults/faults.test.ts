import { describe, expect, it } from '@jest/globals';
import type { CallFault } from '../../../src/sample-store/faults/faults.js';
import { activatedStore } from '../activated-store.js';
import { problemIn, send, sendSigned, tokenIn, when } from '../third-party.js';

describe('a fault at the request call', () => {
  const at = 'request';

  it('"drop-before" breaks the connection and does nothing', async () => {
    const { store, integration, requestToken } = await activatedStore({
      faults: [{ at, do: 'drop-before', times: 1 }],
    });

    await expect(requestToken()).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(integration().tokens).toMatchObject([{ type: 'verifier' }]);
    expect(store.requests[0]).not.toHaveProperty('status');
    expect(await requestToken()).toMatchObject({ status: 200 });
  });

  it('"drop-after" breaks the connection when the work is done', async () => {
    const { integration, requestToken } = await activatedStore({
      faults: [{ at, do: 'drop-after', times: 1 }],
    });

    await expect(requestToken()).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(integration().tokens).toMatchObject([{ type: 'request' }]);
    expect(problemIn(await requestToken())).toMatch(/not a verifier token/);
  });

  it('"slow" does the work although the client has gone', async () => {
    const { store, clock, credentials, integration } = await activatedStore({
      faults: [{ at, do: 'slow', ms: 200 }],
    });
    const { consumerKey, consumerSecret } = credentials();
    const call = { storeUrl: store.url, target: '/oauth/token/request' };

    const left = sendSigned(
      { ...call, leaveWhen: () => store.requests.length === 1 },
      { consumerKey, consumerSecret },
      clock.now(),
    );

    await expect(left).rejects.toThrow();
    expect(integration().tokens).toMatchObject([{ type: 'verifier' }]);
    await when(() => store.requests[0]?.status === 200);
    expect(integration().tokens).toMatchObject([{ type: 'request' }]);
  });

  const answers: readonly [CallFault, object][] = [
    [
      { at, do: 'html-200' },
      { status: 200, body: expect.stringMatching(/^<!doctype html>/) },
    ],
    [
      { at, do: 'status-503' },
      { status: 503, body: expect.stringMatching(/^<!doctype html>/) },
    ],
    [
      { at, do: 'redirect', location: 'http://127.0.0.1:1/x' },
      { status: 302, headers: expect.objectContaining({ location: 'http://127.0.0.1:1/x' }) },
    ],
    [
      { at, do: 'basic-auth', login: 'user:password' },
      { status: 401, body: expect.stringMatching(/^<!doctype html>/) },
    ],
    [
      { at, do: 'oversized' },
      { status: 200, body: expect.stringMatching(/^.{1048576}/s) },
    ],
    [
      { at, do: 'problem', status: 401, text: 'Ein Fehler & mehr' },
      { status: 401, body: 'oauth_problem=Ein+Fehler+%26+mehr' },
    ],
  ];
  for (const [fault, answer] of answers) {
    it(`"${fault.do}" answers in the store's place`, async () => {
      const { integration, requestToken } = await activatedStore({ faults: [fault] });

      expect(await requestToken()).toMatchObject(answer);
      expect(integration().tokens).toMatchObject([{ type: 'verifier' }]);
    });
  }

  it('"strip-authorization" makes everything required', async () => {
    const { store, requestToken } = await activatedStore({
      faults: [{ at, do: 'strip-authorization' }],
    });

    const reply = await requestToken();

    expect(problemIn(reply)).toMatch(/^"oauth_consumer_key" is required/);
    expect(store.requests[0]?.authorization).toMatch(/^OAuth /);
  });

  it('strikes as often as it says, and then no more', async () => {
    const { requestToken } = await activatedStore({
      faults: [{ at, do: 'status-503', times: 2 }],
    });

    const statuses = [await requestToken(), await requestToken(), await requestToken()];

    expect(statuses.map(({ status }) => status)).toEqual([503, 503, 200]);
  });
});

describe('a fault elsewhere', () => {
  it('leaves the request call alone', async () => {
    const { requestToken, accessToken, integration } = await activatedStore({
      faults: [{ at: 'access', do: 'drop-after' }],
    });
    const token = tokenIn(await requestToken());

    await expect(accessToken(token)).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(integration()).toMatchObject({ status: 'active', tokens: [{ type: 'access' }] });
  });

  it('at REST refuses in the shape of REST', async () => {
    const { connect, rest } = await activatedStore({
      faults: [{ at: 'rest', do: 'problem', status: 403, text: 'Forbidden' }],
    });

    const reply = await rest('/rest/V1/store/storeConfigs', await connect());

    expect(reply).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  });

  it('can be set and lifted while the store runs', async () => {
    const { store, requestToken } = await activatedStore();

    store.setFaults([{ at: 'request', do: 'status-503' }]);
    const during = await requestToken();
    store.setFaults([]);
    const after = await requestToken();

    expect([during.status, after.status]).toEqual([503, 200]);
  });
});

describe('a fault at the activation POST', () => {
  it('"drop-before" sends nothing', async () => {
    const { store, id, callback } = await activatedStore();
    store.setFaults([{ at: 'post', do: 'drop-before' }]);

    expect(await store.activate(id)).toMatchObject({ delivered: false });
    expect(callback.posts).toHaveLength(1);
  });

  it('"drop-after" sends it and hears nothing', async () => {
    const { store, id, callback } = await activatedStore();
    store.setFaults([{ at: 'post', do: 'drop-after' }]);

    expect(await store.activate(id)).toMatchObject({ delivered: false });
    expect(callback.posts).toHaveLength(2);
  });

  it('"slow" sends it later', async () => {
    const { store, id, callback } = await activatedStore();
    store.setFaults([{ at: 'post', do: 'slow', ms: 20 }]);

    const activation = store.activate(id);

    expect(callback.posts).toHaveLength(1);
    expect(await activation).toMatchObject({ delivered: true });
    expect(callback.posts).toHaveLength(2);
  });
});

describe('the record of calls', () => {
  it('has every call in order, with its status and its problem', async () => {
    const { store, connect, rest } = await activatedStore();
    const credentials = await connect();
    await send({ storeUrl: store.url, target: '/oauth/token/request?a=1' });
    await rest('/rest/V1/products/none', credentials);

    expect(store.requests).toMatchObject([
      { method: 'POST', path: '/oauth/token/request', status: 200, problem: undefined },
      { method: 'POST', path: '/oauth/token/access', status: 200, problem: undefined },
      {
        path: '/oauth/token/request?a=1',
        status: 400,
        problem: expect.stringMatching(/is required/),
        authorization: undefined,
      },
      {
        method: 'GET',
        path: '/rest/V1/products/none',
        status: 404,
        authorization: expect.stringMatching(/^OAuth oauth_consumer_key=/),
      },
    ]);
  });

  it('is told to the log without secrets', async () => {
    const events: object[] = [];
    const { connect } = await activatedStore({ log: (event) => events.push(event) });

    const { consumerSecret, tokenSecret = '' } = await connect();

    expect(events).toMatchObject([
      { event: 'activation', name: 'Demo', delivered: true },
      { event: 'call', path: '/oauth/token/request', status: 200 },
      { event: 'call', path: '/oauth/token/access', status: 200 },
    ]);
    expect(JSON.stringify(events)).not.toMatch(`${consumerSecret}|${tokenSecret}|OAuth`);
  });
});

describe('closing a store', () => {
  it('does not wait for a slow answer', async () => {
    const { store, requestToken } = await activatedStore({
      faults: [{ at: 'request', do: 'slow', ms: 60_000 }],
    });
    const broken = expect(requestToken()).rejects.toThrow();
    await when(() => store.requests.length === 1);

    await store.close();

    await broken;
  });

  it('breaks off a slow activation', async () => {
    const { store, id, callback } = await activatedStore();
    store.setFaults([{ at: 'post', do: 'slow', ms: 60_000 }]);
    const broken = expect(store.activate(id)).rejects.toMatchObject({ name: 'AbortError' });

    await store.close();

    await broken;
    expect(callback.posts).toHaveLength(1);
  });

  it('frees the port', async () => {
    const { store } = await activatedStore();

    await store.close();

    await expect(send({ storeUrl: store.url, target: '/' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});
