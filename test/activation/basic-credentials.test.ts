import { describe, expect, it } from '@jest/globals';
import { callsOf, connect } from '../support/popup.js';
import { startApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';

const login = 'staging:behind a wall: ü';
const base64 = Buffer.from(login).toString('base64');

/** A staging site: its web server asks for a name and a password ahead of Magento. */
function startStagingSite() {
  const ask = { do: 'basic-auth', login } as const;
  return startStore({
    faults: [
      { at: 'request', ...ask },
      { at: 'access', ...ask },
      { at: 'rest', ...ask },
    ],
  });
}

describe('a store behind a password', () => {
  it('is connected with the credentials of its host, beside the signature in one header', async () => {
    const store = await startStagingSite();
    const app = await startApp({
      basicCredentials: new Map([[new URL(store.url).host, base64]]),
    });

    const { response } = await connect(app, store);

    expect(response.status).toBe(303);
    expect(store.requests.map(({ authorization }) => authorization)).toEqual(
      store.requests.map(() => expect.stringMatching(/^Basic [A-Za-z0-9+/]+=*, OAuth oauth_/)),
    );
    expect(callsOf(store)).toHaveLength(3);
    expect(app.logged()).not.toContain(base64);
  });

  for (const [what, credentials] of [
    ['none', []],
    ['wrong ones', [Buffer.from('staging:wrong').toString('base64')]],
  ] as const) {
    it(`with ${what} says that something in front of the store refuses`, async () => {
      const store = await startStagingSite();
      const host = new URL(store.url).host;
      const app = await startApp({
        basicCredentials: new Map(credentials.map((value) => [host, value])),
      });

      const { response } = await connect(app, store);

      expect(response.status).toBe(502);
      expect(response.text).toContain('store_blocks_us');
      expect(callsOf(store)).toEqual(['POST oauth/token/request 401']);
    });
  }

  it('keeps its credentials to itself: another port of the same host is sent none', async () => {
    const store = await startStore();
    const app = await startApp({ basicCredentials: new Map([[`localhost:1`, base64]]) });

    const { response } = await connect(app, store);

    expect(response.status).toBe(303);
    for (const { authorization } of store.requests) expect(authorization).toMatch(/^OAuth /);
  });
});
