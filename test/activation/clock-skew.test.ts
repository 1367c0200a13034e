import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, connect } from '../support/popup.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const app = await startApp({ now: clock.now });

/** A store whose clock is so many seconds ahead of ours. */
function storeAhead(seconds: number) {
  return startStore({ now: () => new Date(clock.now().getTime() + seconds * 1000) });
}

describe('a store whose clock', () => {
  for (const seconds of [-100_000, -700, -590, 700, 100_000]) {
    it(`is ${seconds} s ahead of ours is connected`, async () => {
      const { response } = await connect(app, await storeAhead(seconds));

      expect(response.status).toBe(303);
    });
  }

  it('is behind is asked once more for each call, with its own time', async () => {
    const store = await storeAhead(-700);

    await connect(app, store);

    const times = store.requests.map(({ authorization = '' }) =>
      Number(/oauth_timestamp="(\d+)"/.exec(authorization)?.[1]),
    );
    const ours = Math.floor(clock.now().getTime() / 1000);
    expect(times).toEqual([ours, ours - 700, ours, ours - 700, ours, ours - 700]);
  });

  it('is right is not asked once more, and the merchant reads what may be wrong', async () => {
    const store = await startStore({
      now: clock.now,
      faults: [
        {
          at: 'request',
          do: 'problem',
          status: 401,
          text: 'An error occurred validating the nonce',
        },
      ],
    });

    const { response } = await connect(app, store);

    expect(response.status).toBe(502);
    expect(callsOf(store)).toEqual(['POST oauth/token/request 401']);
    expect(response.text).toContain('nonce_refused');
    expect(response.text).toContain('its clock may be more than ten minutes behind');
  });
});
