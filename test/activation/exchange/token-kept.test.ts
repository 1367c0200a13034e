import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { disconnectStore } from '../../../src/activation/disconnect-store.js';
import { recoverExchanges } from '../../../src/activation/exchange/recovery.js';
import { replaySpool } from '../../../src/activation/exchange/replay-spool.js';
import { fakeClock } from '../../support/fake-clock.js';
import { startHeldStore } from '../../support/held-store.js';
import { callsOf, integrationNow, newIntegration } from '../../support/popup.js';
import { popupUrlFrom, recordOf, signInAt } from '../../support/posts.js';
import { startApp, type TestApp } from '../../support/start-app.js';
import { startRedis, type TestRedis } from '../../support/start-redis.js';

const clock = fakeClock();
const folder = await mkdtemp(path.join(tmpdir(), 'mi-spool-'));
let redis: TestRedis;
let app: TestApp;

beforeAll(async () => {
  redis = await startRedis();
  app = await startApp({ redis, now: clock.now, spoolFolder: folder });
});

afterAll(() => rm(folder, { recursive: true }));

const refuseWrites = () => redis.client().config('SET', 'maxmemory', '1');
const takeWrites = () => redis.client().config('SET', 'maxmemory', '0');

/** The files of the spool, with their contents. */
async function spooled() {
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => ({
      mode: (await stat(path.join(folder, name))).mode & 0o777,
      text: await readFile(path.join(folder, name), 'utf8'),
    })),
  );
}

/** A store that is asked for a token, whose reply arrives when Redis takes no more writes. */
async function givenWithoutRedis(call: 'token/request' | 'token/access', isSecond = false) {
  const store = await startHeldStore({ now: clock.now });
  const integration = newIntegration(app, store);
  await store.activate(integration.id);
  const popupUrl = popupUrlFrom(app, integration, store.url);
  if (isSecond) {
    await signInAt(app, popupUrl);
    clock.advance(1);
    await store.reauthorize(integration.id);
  }
  const reply = store.holdReplyTo(call);
  const signingIn = signInAt(app, popupUrl);
  await reply.given;
  await refuseWrites();
  reply.letGo();
  const { response } = await signingIn;
  const files = await spooled();
  await takeWrites();
  return { store, integration, popupUrl, response, files };
}

describe('a token that Redis does not take', () => {
  for (const call of ['token/request', 'token/access'] as const) {
    it(`of ${call} waits sealed in a file until Redis does, and the merchant reads so`, async () => {
      const { store, integration, popupUrl, response, files } = await givenWithoutRedis(call);
      const [row] = integrationNow(store, integration).tokens;
      const { token = '', secret = '', verifier = '' } = row ?? {};
      await refuseWrites();
      await replaySpool(app.deps);
      const waiting = await spooled();
      await takeWrites();

      await replaySpool(app.deps);

      const left = await spooled();
      clock.advance(61);
      await recoverExchanges(app.deps);
      const credential = await app.deps.credentials.find(integration.consumerKey);
      const again = await signInAt(app, popupUrl);
      expect(response.status).toBe(503);
      expect(response.text).toContain('is safe with us');
      expect(response.text).toContain('there is nothing to click in Magento');
      expect(response.headers).not.toHaveProperty('location');
      expect(files.map(({ mode }) => mode)).toEqual([0o600]);
      for (const inClear of [token, secret, verifier, integration.consumerSecret]) {
        expect(inClear).toHaveLength(32);
        expect(files[0]?.text).not.toContain(inClear);
      }
      expect(waiting).toEqual(files);
      expect(left).toEqual([]);
      expect(app.deps.credentials.open(credential!).accessToken).toBe(
        integrationNow(store, integration).tokens[0]?.token,
      );
      expect(again.response.status).toBe(303);
      expect(callsOf(store).filter((made) => made.includes('POST'))).toEqual([
        'POST oauth/token/request 200',
        'POST oauth/token/access 200',
      ]);
    });
  }

  it('is worth nothing when the store was disconnected meanwhile', async () => {
    const { integration, files } = await givenWithoutRedis('token/access', true);
    await disconnectStore(app.deps, integration.consumerKey);

    await replaySpool(app.deps);

    expect(files).toHaveLength(1);
    expect(await spooled()).toEqual([]);
    expect(await recordOf(app, 'credential', integration)).toBeNull();
    expect(await app.deps.activations.find(integration.consumerKey)).toMatchObject({
      state: 'disconnected',
      generation: 1,
    });
  });
});
