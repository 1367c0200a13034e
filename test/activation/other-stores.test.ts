import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, newIntegration } from '../support/popup.js';
import { forgedForm, popupUrlFrom, post, signInAt } from '../support/posts.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

describe('a key that a forger announces for a store of his own, too', () => {
  for (const order of ['before', 'after'] as const) {
    it(`${order} the genuine POST, is connected where the popup came from, and the forger is sent nothing`, async () => {
      const [store, forger] = [
        await startStore({ now: clock.now }),
        await startStore({ now: clock.now }),
      ];
      const integration = newIntegration(app, store);
      const forge = async () => {
        clock.advance(1);
        await post(app, forgedForm(integration, { store_base_url: forger.url }));
        clock.advance(1);
      };
      if (order === 'before') await forge();
      const { popupUrl } = await store.activate(integration.id);
      if (order === 'after') await forge();

      const { page, response } = await signInAt(app, popupUrl);

      expect(page.text).toContain(`Connect <span class="host">${new URL(store.url).host}</span>`);
      expect(page.text).not.toContain(new URL(forger.url).host);
      expect(response.status).toBe(303);
      expect(callsOf(store)).toHaveLength(3);
      expect(forger.requests).toEqual([]);
    });
  }

  it('is not sent a signature of the genuine store, though the forger knows its secret', async () => {
    const [store, forger] = [
      await startStore({ now: clock.now }),
      await startStore({ now: clock.now }),
    ];
    const integration = newIntegration(app, store);
    await store.activate(integration.id);
    const { consumerSecret } = integration;
    await post(
      app,
      forgedForm(integration, {
        store_base_url: forger.url,
        oauth_consumer_secret: consumerSecret,
      }),
    );

    await signInAt(app, popupUrlFrom(app, integration, store.url));

    expect(forger.requests).toEqual([]);
  });
});
