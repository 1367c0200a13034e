import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { startHeldStore } from '../support/held-store.js';
import { newIntegration } from '../support/popup.js';
import { popupUrlFrom, recordOf, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';

const clock = fakeClock();

/** A store that has announced an integration to an app that is about to stop. */
async function announced() {
  const app = await startApp({ now: clock.now });
  const store = await startHeldStore({ now: clock.now });
  const integration = newIntegration(app, store);
  await store.activate(integration.id);
  const popupUrl = popupUrlFrom(app, integration, store.url);
  const next = await startApp({ now: clock.now, prefix: app.prefix });
  const signInNext = () => signInAt(next, popupUrl.replace(app.url, next.url));
  return { app, store, integration, popupUrl, signInNext };
}

describe('an app that begins no calls any more', () => {
  it('says so, asks the store nothing, and names no button of Magento', async () => {
    const { app, store, popupUrl } = await announced();
    app.deps.storeHttp.refuseCalls();

    const { response } = await signInAt(app, popupUrl);

    expect(response.status).toBe(503);
    expect(response.text).toContain('This app is being restarted.');
    expect(response.text).not.toMatch(/Reauthorize|Activate|delete/);
    expect(response.headers).not.toHaveProperty('location');
    expect(store.requests).toEqual([]);
  });

  it('leaves the exchange as it stands to whoever comes after its lease', async () => {
    const { app, store, popupUrl, signInNext } = await announced();
    app.deps.storeHttp.refuseCalls();
    await signInAt(app, popupUrl);
    clock.advance(61);

    const { response } = await signInNext();

    expect(response.status).toBe(303);
    expect(store.requests).toHaveLength(3);
  });

  it('stores what a call that had begun brings, and leaves the next one to another', async () => {
    const { app, store, integration, popupUrl, signInNext } = await announced();
    const token = store.holdReplyTo('token/request');
    const signingIn = signInAt(app, popupUrl);
    await token.given;

    app.deps.storeHttp.refuseCalls();
    token.letGo();

    const { response } = await signingIn;
    const left = await recordOf(app, 'activation', integration);
    clock.advance(61);
    const after = await signInNext();
    expect(response.status).toBe(503);
    expect(left).toContain('heldToken');
    expect(after.response.status).toBe(303);
    expect(store.requests.filter(({ path }) => path.includes('request'))).toHaveLength(1);
  });
});
