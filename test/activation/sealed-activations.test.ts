import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sealedActivations } from '../../src/activation/sealed-activations.js';
import { sealedCredentials } from '../../src/credentials/credential.js';
import { keyRing } from '../../src/credentials/key-ring.js';
import { resealAll } from '../../src/credentials/sealed-records.js';
import { randomNonce } from '../../src/magento/nonce.js';
import type { Fault } from '../../src/sample-store/faults/faults.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { connect, integrationNow, openPopup, sendForm } from '../support/popup.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { keyIdsIn, storesWith, testKey } from '../support/sealed-data.js';
import { startStore } from '../support/start-store.js';

const app = await startApp();
/** The app's own key, and one that is in nobody's hands but the test's. */
const appKey = { id: 'test', key: Buffer.alloc(32, 7) };
const other = testKey(1);

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

function seal({ redis, prefix }: TestApp, ...keys: [first: typeof other, ...(typeof other)[]]) {
  return resealAll(redis, [sealedCredentials(prefix), sealedActivations(prefix)], keyRing(keys));
}

async function activationText({ redis, prefix }: TestApp, consumerKey: string): Promise<string> {
  return (await redis.get(`${prefix}activation:{${consumerKey}}`)) ?? '';
}

describe('an activation that is sealed with another key and back', () => {
  const stories: Record<string, readonly Fault[]> = {
    'waits for its first sign-in': [{ at: 'request', do: 'status-503', times: 1 }],
    'holds a request token': [{ at: 'access', do: 'status-503', times: 1 }],
  };
  for (const [what, faults] of Object.entries(stories)) {
    it(`is completed by the next sign-in where it ${what}`, async () => {
      const store = await startStore({ faults });
      const { activation, response, integration } = await connect(app, store);
      const { consumerKey } = integrationNow(store, integration);
      const before = keyIdsIn(await activationText(app, consumerKey));

      const there = await seal(app, other, appKey);
      const away = keyIdsIn(await activationText(app, consumerKey));
      await seal(app, appKey, other);

      const visitor = app.visitor();
      const { fields } = await openPopup(visitor, activation.popupUrl);
      const again = await sendForm(visitor, fields);
      expect([response.status, again.status]).toEqual([502, 303]);
      expect(there.unreadable).toEqual([]);
      expect([before, away]).toEqual([['test'], ['k1']]);
      expect(integrationNow(store, integration).status).toBe('active');
    });
  }

  it('stays under that key when its own exchange fails after it', async () => {
    const { url: storeUrl } = await storeThatFails({ atAccess: () => seal(app, other, appKey) });
    const form = activationForm({ store_base_url: storeUrl });
    const consumerKey = form['oauth_consumer_key'] ?? '';
    const visitor = app.visitor();
    await visitor.post('/endpoint').type('form').send(form);
    const callback = `${storeUrl}admin/admin/integration/loginSuccessCallback/`;
    const { fields } = await openPopup(
      visitor,
      `${app.url}/login?${identityQuery(consumerKey, callback)}`,
    );

    const response = await sendForm(visitor, fields);

    const text = await activationText(app, consumerKey);
    expect(response.status).toBe(502);
    expect(JSON.parse(text)).toMatchObject({ state: 'authorized' });
    expect(keyIdsIn(text)).toEqual(['k1']);
  });

  it('tries a refused token once, though that is sealed anew before the newer verifier turns out spent', async () => {
    const { url, calls } = await storeThatFails({ atSpent: () => seal(app, other, appKey) });
    const form = activationForm({ store_base_url: url });
    const callback = `${url}admin/admin/integration/loginSuccessCallback/`;
    const popupUrl = `${app.url}/login?${identityQuery(form['oauth_consumer_key'] ?? '', callback)}`;
    const visitor = app.visitor();
    await visitor.post('/endpoint').type('form').send(form);
    const { fields } = await openPopup(visitor, popupUrl);
    await sendForm(visitor, fields);
    const oneCallEach = [...calls];
    await visitor
      .post('/endpoint')
      .type('form')
      .send({ ...form, oauth_verifier: randomNonce() });

    const response = await sendForm(visitor, fields);

    const text = await activationText(app, form['oauth_consumer_key'] ?? '');
    expect(response.text).toContain('verifier_spent');
    expect(keyIdsIn(text)).toEqual(['k1']);
    expect(oneCallEach).toEqual(['request', 'access']);
    expect(calls.slice(2)).toEqual(['access', 'request']);
  });

  it('keeps its state, its facts and the rest of its life', async () => {
    const { redis, prefix } = app;
    const { activations, receive, hold } = storesWith(redis, prefix, [other]);
    const { consumerKey } = await receive();
    await hold(consumerKey);
    const key = `${prefix}activation:{${consumerKey}}`;
    await redis.pexpire(key, 600_000);
    const [before, ends] = [await activations.find(consumerKey), await redis.pexpiretime(key)];

    await seal(app, appKey, other);

    const after = await activations.find(consumerKey);
    expect(keyIdsIn(JSON.stringify(before))).toEqual(['k1']);
    expect(keyIdsIn(JSON.stringify(after))).toEqual(['test']);
    expect(withoutSealed(after)).toEqual({ ...withoutSealed(before), version: 3 });
    expect(await redis.pexpiretime(key)).toBe(ends);
  });
});

/**
 * A store that sells one request token and fails at every access call. What goes on meanwhile is done before it answers:
 * an access call, or a call that wants a second request token. Answers its address and the calls it gets.
 */
async function storeThatFails(meanwhile: {
  readonly atAccess?: () => Promise<unknown>;
  readonly atSpent?: () => Promise<unknown>;
}): Promise<{ url: string; calls: string[] }> {
  const calls: string[] = [];
  const server = createServer((req, res) => {
    const call = req.url?.split('/').at(-1) ?? '';
    const isSpent = call === 'request' && calls.includes(call);
    calls.push(call);
    if (call === 'request' && !isSpent) {
      res.end(`oauth_token=${randomNonce()}&oauth_token_secret=${randomNonce()}`);
    } else if (isSpent) {
      const problem =
        'oauth_problem=Cannot create request token because consumer token is not a verifier token';
      void meanwhile.atSpent?.().then(() => res.writeHead(401).end(problem));
    } else {
      void (meanwhile.atAccess?.() ?? Promise.resolve()).then(() => res.writeHead(500).end());
    }
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/`, calls };
}

function withoutSealed(record: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(record).replace(/"v1\.[^"]+"/g, '"sealed"')) as Record<
    string,
    unknown
  >;
}
