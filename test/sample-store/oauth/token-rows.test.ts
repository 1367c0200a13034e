import { describe, expect, it } from '@jest/globals';
import { activatedStore } from '../activated-store.js';
import { problemIn, tokenIn } from '../third-party.js';

describe('activation', () => {
  it('makes one verifier row, and POSTs its verifier', async () => {
    const { integration, credentials } = await activatedStore();

    expect(integration()).toMatchObject({ status: 'inactive', tokens: [{ type: 'verifier' }] });
    expect(integration().tokens[0]?.verifier).toBe(credentials().verifier);
  });

  it('repeated while the row is a verifier POSTs the same verifier and restarts the clock', async () => {
    const { store, id, clock, callback, integration, requestToken } = await activatedStore();
    clock.forward(200);

    await store.activate(id);
    clock.forward(200);

    expect(callback.posts[1]?.body).toBe(callback.posts[0]?.body);
    expect(integration().tokens).toHaveLength(1);
    expect(await requestToken()).toMatchObject({ status: 200 });
  });

  it('repeated while the row is a request adds a second row that lookups never reach', async () => {
    const { store, id, integration, credentials, requestToken } = await activatedStore();
    const old = credentials().verifier;
    await requestToken();

    await store.activate(id);
    const reply = await requestToken();

    expect(integration().tokens).toMatchObject([{ type: 'request' }, { type: 'verifier' }]);
    expect(credentials().verifier).not.toBe(old);
    expect(reply.status).toBe(401);
    expect(problemIn(reply)).toBe(
      'Cannot create request token because consumer token is not a verifier token',
    );
  });

  it('that has jammed is freed by the old request token with the old verifier', async () => {
    const { store, id, integration, credentials, requestToken, accessToken } =
      await activatedStore();
    const old = credentials().verifier;
    const token = tokenIn(await requestToken());
    await store.activate(id);

    const reply = await accessToken(token, old);

    expect(reply.status).toBe(200);
    expect(integration()).toMatchObject({
      status: 'active',
      tokens: [{ type: 'access' }, { type: 'verifier' }],
    });
  });
});

describe('the exchange', () => {
  it('walks one row from verifier to request to access, each with a new token and secret', async () => {
    const { integration, requestToken, accessToken } = await activatedStore();
    const verifierRow = integration().tokens[0]!;

    const request = tokenIn(await requestToken());
    const requestRow = integration().tokens[0]!;
    const access = tokenIn(await accessToken(request));
    const accessRow = integration().tokens[0]!;

    expect(requestRow).toMatchObject({ id: 1, type: 'request', verifier: verifierRow.verifier });
    expect(request).toEqual({ token: requestRow.token, tokenSecret: requestRow.secret });
    expect(accessRow).toMatchObject({ id: 1, type: 'access' });
    expect(access).toEqual({ token: accessRow.token, tokenSecret: accessRow.secret });
    expect(new Set([verifierRow.token, request.token, access.token]).size).toBe(3);
    expect(access.token).toMatch(/^[0-9a-z]{32}$/);
    expect(integration()).toMatchObject({ status: 'active', tokens: { length: 1 } });
  });

  it('answers urlencoded text that calls itself HTML', async () => {
    const { requestToken } = await activatedStore();

    const reply = await requestToken();

    expect(reply.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(reply.body).toMatch(/^oauth_token=[0-9a-z]{32}&oauth_token_secret=[0-9a-z]{32}$/);
  });

  it('gives a second request token to nobody', async () => {
    const { requestToken } = await activatedStore();
    await requestToken();

    const reply = await requestToken();

    expect(problemIn(reply)).toBe(
      'Cannot create request token because consumer token is not a verifier token',
    );
  });

  it('does not know a request token that has been exchanged', async () => {
    const { requestToken, accessToken } = await activatedStore();
    const token = tokenIn(await requestToken());
    await accessToken(token);

    const reply = await accessToken(token);

    expect(problemIn(reply)).toBe('Specified token does not exist');
  });

  it('allows the access call any time after the request call', async () => {
    const { clock, requestToken, accessToken } = await activatedStore();
    const token = tokenIn(await requestToken());
    clock.forward(7200);

    const reply = await accessToken(token);

    expect(reply.status).toBe(200);
  });
});

describe('reauthorization', () => {
  it('kills the access, keeps key and secret, and POSTs a new verifier', async () => {
    const { store, id, callback, integration, credentials, connect, rest } = await activatedStore();
    const before = { ...integration(), verifier: credentials().verifier };
    const old = await connect();

    const activation = await store.reauthorize(id);

    expect(activation.delivered).toBe(true);
    expect(integration()).toMatchObject({
      status: 'inactive',
      consumerKey: before.consumerKey,
      consumerSecret: before.consumerSecret,
      tokens: [{ type: 'verifier' }],
    });
    expect(callback.posts).toHaveLength(2);
    expect(credentials().verifier).not.toBe(before.verifier);
    const reply = await rest('/rest/V1/store/storeConfigs', old);
    expect(JSON.parse(reply.body)).toEqual({ message: 'Specified token does not exist' });
  });

  it('leaves the merchant disconnected when the POST fails', async () => {
    const { store, id, integration, connect } = await activatedStore();
    await connect();
    store.setFaults([{ at: 'post', do: 'drop-before' }]);

    const activation = await store.reauthorize(id);

    expect(activation.delivered).toBe(false);
    expect(integration()).toMatchObject({ status: 'inactive', tokens: [{ type: 'verifier' }] });
  });

  it('leads to a new access token', async () => {
    const { store, id, connect, rest } = await activatedStore();
    await connect();
    await store.reauthorize(id);

    const reply = await rest('/rest/V1/store/storeConfigs', await connect());

    expect(reply.status).toBe(200);
  });
});

describe('deletion', () => {
  it('takes the consumer with it', async () => {
    const { store, id, connect, rest } = await activatedStore();
    const credentials = await connect();

    store.remove(id);
    const reply = await rest('/rest/V1/store/storeConfigs', credentials);

    expect(store.integrations()).toEqual([]);
    expect(JSON.parse(reply.body)).toEqual({
      message: 'A consumer having the specified key does not exist',
    });
  });
});
