import { describe, expect, it } from '@jest/globals';
import type { CheckResult } from '../../src/credentials/credential.js';
import { connect, noteCheck, send } from '../console/operators.js';
import { fakeClock } from '../support/fake-clock.js';
import { connect as connectInPopup } from '../support/popup.js';
import { merchant, operator, otherMerchant, startApp, type TestApp } from '../support/start-app.js';
import { startStore } from '../support/start-store.js';
import { merchantsBrowser, ownPath } from './merchants.js';

/** A store with its integration, connected by the merchant in the popup. */
async function connectedStore(app: TestApp) {
  const store = await startStore();
  const { response, integration } = await connectInPopup(app, store);
  expect(response.status).toBe(303);
  const [credential] = await app.deps.credentials.list();
  return { store, integration, consumerKey: credential!.consumerKey };
}

describe('GET /account', () => {
  it('teaches whoever has no store which two addresses to paste', async () => {
    const app = await startApp();

    const { status, text } = await (await merchantsBrowser(app)).get('/account');

    expect(status).toBe(200);
    expect(text).toContain('No store is connected yet');
    expect(text).toContain(`<code class="copy">${app.url}/endpoint</code>`);
    expect(text).toContain(`<code class="copy">${app.url}/login</code>`);
    expect(text).toContain('<b>System &gt; Extensions &gt; Integrations</b>');
  });

  it('gives an account that was invited its own addresses, and nobody else', async () => {
    const app = await startApp();
    const account = merchant.username;
    const said = { account, createdBy: operator.username, storeHost: 'shop.example' };
    const { invitation } = await app.deps.invitations.create(said);

    const [own, others] = [
      await (await merchantsBrowser(app)).get('/account'),
      await (await merchantsBrowser(app, otherMerchant)).get('/account'),
    ];

    const pair = ['endpoint', 'login'].map((place) => `${app.url}/${place}/${invitation.token}`);
    expect([...own.text.matchAll(/<code class="copy">([^<]+)</g)].map(([, text]) => text)).toEqual(
      pair,
    );
    expect(own.text).toContain('<span class="host">shop.example</span> alone');
    expect(others.text).not.toContain(invitation.token);
    expect(others.text).toContain(`${app.url}/endpoint<`);
  });

  it('gives one pair for each host, the newest, and first the one for any', async () => {
    const clock = fakeClock();
    const app = await startApp({ now: clock.now });
    const made: string[] = [];
    for (const storeHost of [undefined, undefined, 'shop.example', 'shop.example']) {
      const said = { account: merchant.username, createdBy: operator.username, storeHost };
      made.push((await app.deps.invitations.create(said)).invitation.token);
      clock.advance(1);
    }

    const { text } = await (await merchantsBrowser(app)).get('/account');

    expect([...text.matchAll(/\/endpoint\/([\w-]+)</g)].map(([, token]) => token)).toEqual([
      made[1],
      made[3],
    ]);
  });

  it("lists the account's own stores by host, and nobody else's", async () => {
    const app = await startApp();
    for (const host of ['z.example', 'a.example']) {
      await connect(app, { storeBaseUrl: `https://${host}/` });
    }
    const other = { storeBaseUrl: 'https://other.example/', account: otherMerchant.username };
    const { consumerKey } = await connect(app, other);

    const { text } = await (await merchantsBrowser(app)).get('/account');

    expect([...text.matchAll(/<h2 class="host">([^<]+)</g)].map(([, host]) => host)).toEqual([
      'a.example',
      'z.example',
    ]);
    expect(text).not.toContain('other.example');
    expect(text).not.toContain(consumerKey);
    expect(text).toContain('Connect another store');
  });

  it('shows no operator more than a merchant', async () => {
    const app = await startApp();
    await connect(app);

    const { text } = await (await merchantsBrowser(app, operator)).get('/account');

    expect(text).toContain('No store is connected yet');
  });

  const states: Record<CheckResult, [word: string, next: RegExp]> = {
    connected: ['good">Connected', /There is nothing to do/],
    connected_without_permission: ['caution">Limited', /tick more resources/],
    refused: ['bad">Refused', /click <b>Reauthorize<\/b>/],
    undecided: ['caution">Unclear', /check its clock/],
    unreachable: ['bad">Unreachable', /the store is up/],
  };
  for (const [result, [word, next]] of Object.entries(states)) {
    it(`says what ${result} means, since when, and what to do`, async () => {
      const clock = fakeClock();
      const app = await startApp({ now: clock.now });
      const { consumerKey } = await connect(app, { connectedAt: clock.now() });
      await noteCheck(app, consumerKey, {
        ...{ result: result as CheckResult, at: clock.now() },
        detail: "the store's own words",
      });
      clock.advance(300);

      const { text } = await (await merchantsBrowser(app)).get('/account');

      expect(text).toContain(`<span class="state ${word}</span>`);
      expect(text).toMatch(next);
      expect(text.match(/>5 minutes ago<\/time>/g)).toHaveLength(2);
      expect(text).not.toContain("the store's own words");
    });
  }

  it('says that a store was never checked', async () => {
    const app = await startApp();
    await connect(app);

    const { text } = await (await merchantsBrowser(app)).get('/account');

    expect(text).toContain('<span class="state unknown">Not checked yet</span>');
  });

  const verdicts = {
    superseded: [/caution">Waiting for you/, /sign in in the window that Magento opened/],
    suspicious: [/bad">Suspicious activation/, /Tell whoever runs this app/],
  } as const;
  for (const [verdict, says] of Object.entries(verdicts)) {
    it(`tells of a POST that is ${verdict}, rather than of the last check`, async () => {
      const app = await startApp();
      const { consumerKey } = await connect(app);
      const at = app.deps.now();
      await noteCheck(app, consumerKey, { result: 'connected', at, detail: '' });
      const credential = await app.deps.credentials.find(consumerKey);
      const lastPost = {
        ...{ verdict: verdict as keyof typeof verdicts, at },
        ...{ from: '192.0.2.1', storeBaseUrl: 'https://shop.example/' },
      };
      await app.deps.notices.change(credential!, () => ({ probedAt: at, lastPost }));

      const { text } = await (await merchantsBrowser(app)).get('/account');

      for (const what of says) expect(text).toMatch(what);
      expect(text).not.toContain('192.0.2.1');
    });
  }

  it('shows no secret, and no consumer key', async () => {
    const app = await startApp();
    const granted = await connect(app);

    const { text } = await (await merchantsBrowser(app)).get('/account');

    const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = granted;
    for (const secret of [consumerKey, consumerSecret, accessToken, accessTokenSecret]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.slice(-4));
    }
  });
});

describe('POST /account/stores/:consumerKey/check', () => {
  it('asks the store now, and shows what came of it', async () => {
    const app = await startApp();
    const { store, integration, consumerKey } = await connectedStore(app);
    const browser = await merchantsBrowser(app);
    const { text } = await browser.get('/account');

    const good = await send(browser, `${ownPath({ consumerKey })}/check`, text);
    const connected = await browser.get('/account');
    store.remove(integration.id);
    await send(browser, `${ownPath({ consumerKey })}/check`, text);
    const removed = await browser.get('/account');

    expect([good.status, good.headers['location']]).toEqual([303, '/account']);
    expect(connected.text).toContain('<span class="state good">Connected</span>');
    expect(removed.text).toContain('<span class="state bad">Refused</span>');
    expect(app.logged()).toMatch(
      /"event":"store_checked","account":"mia@merchant.example","activation":"ACT-\w+","result":"refused"/,
    );
  });

  it('leads back from its address', async () => {
    const app = await startApp();
    const browser = await merchantsBrowser(app);

    const response = await browser.get(`${ownPath({ consumerKey: 'any' })}/check`);

    expect([response.status, response.headers['location']]).toEqual([303, '/account']);
  });
});

describe('/account/stores/:consumerKey/disconnect', () => {
  it('asks first, and says that Magento is not told', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await merchantsBrowser(app);

    const { status, text } = await browser.get(`${ownPath(granted)}/disconnect`);

    expect(status).toBe(200);
    expect(text).toContain('Disconnect <span class="host">shop.example</span>?');
    expect(text).toContain('Magento is not told.');
    expect(await app.deps.credentials.has(granted.consumerKey)).toBe(true);
  });

  it('forgets the store, and says so once', async () => {
    const app = await startApp();
    const granted = await connect(app);
    const browser = await merchantsBrowser(app);
    const { text } = await browser.get(`${ownPath(granted)}/disconnect`);

    const response = await send(browser, `${ownPath(granted)}/disconnect`, text);
    const [once, twice] = [await browser.get('/account'), await browser.get('/account')];

    expect([response.status, response.headers['location']]).toEqual([303, '/account']);
    expect(await app.deps.credentials.has(granted.consumerKey)).toBe(false);
    expect(await app.deps.activations.find(granted.consumerKey)).toMatchObject({
      state: 'disconnected',
    });
    expect(once.text).toContain('<span class="host">shop.example</span> is disconnected.');
    expect(twice.text).not.toContain('is disconnected.');
    expect(twice.text).toContain('No store is connected yet');
    expect(app.logged()).toMatch(/"event":"store_disconnected","account":"mia@merchant.example"/);
  });
});

describe("another account's store", () => {
  const requests = [
    ['get', 'disconnect'],
    ['post', 'disconnect'],
    ['post', 'check'],
  ] as const;
  for (const [method, action] of requests) {
    for (const person of [otherMerchant, operator]) {
      it(`${method} ${action} by ${person.username} is answered as for a store that nobody knows`, async () => {
        const app = await startApp();
        const granted = await connect(app);
        const browser = await merchantsBrowser(app, person);
        const { text } = await browser.get('/account');
        const ask = async (path: string) => {
          const address = `${path}/${action}`;
          return method === 'get' ? browser.get(address) : send(browser, address, text);
        };

        const theirs = await ask(ownPath(granted));
        const nobodys = await ask(ownPath({ consumerKey: '0'.repeat(32) }));

        expect(theirs.status).toBe(404);
        expect(theirs.text).toBe(nobodys.text);
        expect(theirs.text).not.toContain('shop.example');
        const credential = await app.deps.credentials.find(granted.consumerKey);
        expect(credential).toMatchObject({ version: 1, account: merchant.username });
      });
    }
  }

  for (const action of ['check', 'disconnect']) {
    it(`is safe from ${action} without the token of the session, and one's own store as well`, async () => {
      const app = await startApp();
      const granted = await connect(app);
      const browser = await merchantsBrowser(app);
      await browser.get('/account');

      const response = await browser
        .post(`${ownPath(granted)}/${action}`)
        .type('form')
        .send({});

      expect(response.status).toBe(403);
      expect(await app.deps.credentials.find(granted.consumerKey)).toMatchObject({ version: 1 });
    });
  }

  it('is not there for whoever is not signed in', async () => {
    const app = await startApp();
    const granted = await connect(app);

    const response = await app
      .visitor()
      .post(`${ownPath(granted)}/disconnect`)
      .type('form');

    expect(response.status).toBe(401);
    expect(await app.deps.credentials.has(granted.consumerKey)).toBe(true);
  });
});

describe('an address below /account that is not there', () => {
  it('is a page with a way back', async () => {
    const app = await startApp();

    const { status, text } = await (await merchantsBrowser(app)).get('/account/none');

    expect(status).toBe(404);
    expect(text).toContain('<a href="/account">Back to your stores</a>');
  });
});
