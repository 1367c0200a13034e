import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { activatedStore } from '../activated-store.js';
import { authorization, parametersFor, send } from '../third-party.js';

type Activated = Awaited<ReturnType<typeof activatedStore>>;

const hostile = `"><script>alert('x')</script>`;

/** A request call whose sender believes to speak https. */
async function callSignedForHttps({ store, clock, credentials }: Activated) {
  const { consumerKey, consumerSecret } = credentials();
  const signer = { consumerKey, consumerSecret };
  const target = '/oauth/token/request';
  const signedFor = { storeUrl: store.url.replace('http:', 'https:'), target };
  const header = authorization(signedFor, signer, parametersFor(signer, clock.now()));
  return send({ storeUrl: store.url, target, headers: { Authorization: header } });
}

function workshopOf({ store }: Activated) {
  const agent = request(store.app);
  return {
    page: async (path: string) => (await agent.get(path).accept('html').expect(200)).text,
    json: async (path: string): Promise<unknown> => (await agent.get(path).expect(200)).body,
  };
}

describe('the log of requests', () => {
  it('has the newest first, the activation POST among them', async () => {
    const activated = await activatedStore();
    await activated.requestToken();

    expect(await workshopOf(activated).json('/_store/requests.json')).toMatchObject([
      { number: 2, place: 'request', method: 'POST', target: '/oauth/token/request', status: 200 },
      { number: 1, place: 'post', method: 'POST', target: activated.callback.url, status: 200 },
    ]);
  });

  it('has headers and body of the activation POST as they were sent', async () => {
    const activated = await activatedStore();

    const post = await workshopOf(activated).json('/_store/requests/1');

    const received = activated.callback.posts[0]!;
    expect(post).toMatchObject({ body: received.body });
    expect((post as { headers: unknown }).headers).toContainEqual({
      name: 'User-Agent',
      value: received.headers['user-agent'],
    });
  });

  it('says why an activation POST was not answered', async () => {
    const activated = await activatedStore();
    const { id } = activated.store.addIntegration({
      name: 'Gone',
      endpointUrl: 'http://127.0.0.1:1/endpoint',
      identityUrl: 'http://third.example/login',
    });
    await activated.store.activate(id);

    expect(await workshopOf(activated).json('/_store/requests/2')).toMatchObject({
      status: null,
      problem: expect.stringMatching(/ECONNREFUSED/),
    });
  });

  it('names the fault that struck', async () => {
    const activated = await activatedStore({
      faults: [{ at: 'request', do: 'status-503', times: 1 }],
    });
    await activated.requestToken();

    expect(await workshopOf(activated).page('/_store/')).toContain(
      '503 (fault: status-503@request,times=1)',
    );
  });

  it('keeps the last 500', async () => {
    const activated = await activatedStore();
    for (let n = 0; n < 510; n += 1) {
      await send({ storeUrl: activated.store.url, target: `/oauth/token/request?n=${n}` });
    }

    const requests = (await workshopOf(activated).json('/_store/requests.json')) as object[];
    expect(requests).toHaveLength(500);
    expect(requests[0]).toMatchObject({ number: 511, target: '/oauth/token/request?n=509' });
  });

  it('shows what a stranger sends as text', async () => {
    const activated = await activatedStore();
    await send({
      storeUrl: activated.store.url,
      target: `/oauth/token/request?${encodeURIComponent(hostile)}`,
      headers: {
        Authorization: `OAuth oauth_nonce="${encodeURIComponent(hostile)}", oauth_signature="x"`,
        'X-Header': hostile,
      },
      body: hostile,
    });
    const { page } = workshopOf(activated);

    for (const text of [await page('/_store/'), await page('/_store/requests/2')]) {
      expect(text).not.toContain('<script');
    }
    expect(await page('/_store/requests/2')).toContain('&lt;script&gt;');
  });

  it('has no page for a number that never was', async () => {
    const { store } = await activatedStore();

    await request(store.app).get('/_store/requests/77').expect(404);
    await request(store.app).get('/_store/requests/x').expect(404);
  });
});

describe('the page of one request', () => {
  it('says that a right signature is right, also when its token has been replaced since', async () => {
    const activated = await activatedStore();
    await activated.connect();
    const { page } = workshopOf(activated);

    expect(await page('/_store/requests/3')).toContain('data-verdict="matches"');
  });

  it('puts our base string beside the one that was signed, and marks the difference', async () => {
    const activated = await activatedStore();
    const reply = await callSignedForHttps(activated);

    const page = await workshopOf(activated).page('/_store/requests/2');

    expect(reply.status).toBe(401);
    expect(page).toContain('The signature is invalid. Verify and try again.');
    expect(page).toContain('data-finding="another-scheme"');
    expect(page).toMatch(/id="ours">POST&amp;http%3A/);
    expect(page).toMatch(/id="theirs">POST&amp;http<mark>s<\/mark>%3A/);
    expect(page).toMatch(/<tr data-differs>\s*<th scope="row">Address<\/th>/);
    expect(page.match(/data-differs/g)).toHaveLength(1);
  });

  it('compares a base string that the reader pastes, and judges the key by it', async () => {
    const activated = await activatedStore();
    await callSignedForHttps(activated);
    const { json } = workshopOf(activated);
    const base = (text: string) => `/_store/requests/2?base=${encodeURIComponent(text)}`;
    const { signature } = (await json(base('x'))) as { signature: Record<string, never> };
    const ours = Object.values(signature['ours']!).join('');

    expect(signature['pastedSentence']).toMatch(/^It differs .* does not give the signature/);
    expect(await json(base(ours))).toMatchObject({
      signature: { pastedSentence: 'It is ours: the key, or the hash, must be wrong.' },
    });
    expect(await json(base(ours.replace('http', 'https')))).toMatchObject({
      signature: { pastedSentence: expect.stringMatching(/^The secrets are right/) },
    });
  });

  const observed: Readonly<Record<string, readonly [name: string, value: string, text: string]>> = {
    milliseconds: ['oauth_timestamp', '1772366400123', 'is in milliseconds'],
    'a clock ahead': ['oauth_timestamp', '1772367001', 'is 601 seconds ahead'],
    'a long nonce': ['oauth_nonce', 'n'.repeat(33), 'longer than the 32 characters'],
    'a space at the end': ['oauth_nonce', 'abc ', 'has a space at its beginning or end'],
    'an empty token': ['oauth_token', '', 'is empty'],
  };
  for (const [what, [name, value, text]] of Object.entries(observed)) {
    it(`notices ${what}`, async () => {
      const activated = await activatedStore();
      const { credentials, clock, store } = activated;
      const parameters = { ...parametersFor(credentials(), clock.now()), [name]: value };
      const call = { storeUrl: store.url, target: '/oauth/token/request' };
      const header = authorization(call, credentials(), parameters);
      await send({ ...call, headers: { Authorization: header } });

      expect(await workshopOf(activated).page('/_store/requests/2')).toContain(text);
    });
  }

  for (const [query, text] of [
    ['oauth_nonce=1', 'stand in the query or the body'],
    ['a=1&a=2', 'one name twice'],
    ['a=b+c', 'has a `+`'],
    ['flag', 'a name without `=`'],
  ] as const) {
    it(`notices ?${query}`, async () => {
      const activated = await activatedStore();
      await send({ storeUrl: activated.store.url, target: `/oauth/token/request?${query}` });

      expect(await workshopOf(activated).json('/_store/requests/2')).toMatchObject({
        signature: { observations: expect.arrayContaining([expect.stringContaining(text)]) },
      });
    });
  }
});
