import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { connect } from '../support/popup.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** A store whose clock is so many seconds ahead of ours. */
function storeAhead(seconds: number) {
  return startStore({ now: () => new Date(clock.now().getTime() + seconds * 1000) });
}

describe('a store whose clock', () => {
  it('is more than ten minutes behind refuses, and the merchant reads that its clock may be why', async () => {
    const { response } = await connect(app, await storeAhead(-700));

    expect(response.status).toBe(502);
    expect(response.text).toContain('nonce_refused');
    expect(response.text).toContain('its clock may be more than ten minutes behind');
  });

  for (const seconds of [-590, 700, 100_000]) {
    it(`is ${seconds} s ahead of ours is connected`, async () => {
      const { response } = await connect(app, await storeAhead(seconds));

      expect(response.status).toBe(303);
    });
  }
});
