import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, connect, integrationNow } from '../support/popup.js';
import { popupUrlFrom, recordOf, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** A connected store that has moved to another host since, and says so by Reauthorize. */
async function movedStore() {
  let isMoved = false;
  const store = await startStore({
    now: clock.now,
    baseUrl: (own) => (isMoved ? own.replace('localhost', '127.0.0.1') : own),
  });
  const { integration } = await connect(app, store);
  clock.advance(60);
  isMoved = true;
  await store.reauthorize(integration.id);
  const newUrl = store.url.replace('localhost', '127.0.0.1');
  const tokenCalls = () =>
    callsOf(store)
      .filter((call) => call.includes('oauth/token'))
      .slice(2);
  return { store, integration, newUrl, tokenCalls };
}

describe('a sign-in by which a connected key would get another host', () => {
  it('asks first, naming both hosts, and changes nothing until it is confirmed', async () => {
    const { store, integration, newUrl, tokenCalls } = await movedStore();
    const before = await recordOf(app, 'credential', integration);

    const { response } = await signInAt(app, popupUrlFrom(app, integration, newUrl));

    expect(response.status).toBe(200);
    expect(response.text).toContain(
      `Connect <span class="host">${new URL(newUrl).host}</span> and return`,
    );
    expect(response.text).toContain(
      `It takes the place of <span class="host">${new URL(store.url).host}</span>`,
    );
    expect(response.text).not.toContain('opened from another address');
    expect(tokenCalls()).toEqual([]);
    expect(await recordOf(app, 'credential', integration)).toBe(before);
  });

  it('puts the new host in the place of the old one when it is confirmed', async () => {
    const { store, integration, newUrl, tokenCalls } = await movedStore();
    const { visitor, fields } = await signInAt(app, popupUrlFrom(app, integration, newUrl));

    const response = await visitor.post('/checklogin/confirm').type('form').send(fields);

    const credential = await app.deps.credentials.find(integration.consumerKey);
    const listed = await app.deps.credentials.list();
    expect(response.status).toBe(303);
    expect(tokenCalls()).toEqual(['POST oauth/token/request 200', 'POST oauth/token/access 200']);
    expect(credential).toMatchObject({ storeBaseUrl: newUrl, lastCheck: { result: 'connected' } });
    expect(app.deps.credentials.open(credential!).accessToken).toBe(
      integrationNow(store, integration).tokens[0]?.token,
    );
    expect(
      listed.filter(({ consumerKey }) => consumerKey === integration.consumerKey),
    ).toHaveLength(1);
  });

  it('asks both things at once when it would return to the old host, too', async () => {
    const { store, integration } = await movedStore();

    const { response } = await signInAt(app, popupUrlFrom(app, integration, store.url));

    expect(response.text).toContain('It takes the place of');
    expect(response.text).toContain('opened from another address');
  });
});
