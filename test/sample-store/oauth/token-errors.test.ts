import { describe, expect, it } from '@jest/globals';
import { activatedStore } from '../activated-store.js';
import {
  authorization,
  type Credentials,
  parametersFor,
  problemIn,
  send,
  sendSigned,
  tokenIn,
} from '../third-party.js';

/** Every way to spoil a call, in the order in which Magento looks for it. */
interface Spoiling {
  readonly problem: string;
  readonly status: 400 | 401;
  readonly spoil: (
    parameters: Record<string, string>,
    known: { usedNonce: string; strangersToken: string; accessToken: string },
  ) => Record<string, string>;
}

const required = (name: string) => `"${name}" is required. Enter and try again`;

const beforeTheToken: readonly Spoiling[] = [
  {
    problem: 'The "1.1" Oauth version isn\'t supported.',
    status: 400,
    spoil: (parameters) => ({ ...parameters, oauth_version: '1.1' }),
  },
  {
    problem: `${required('oauth_timestamp')}.`,
    status: 400,
    spoil: (parameters) => without(parameters, 'oauth_timestamp'),
  },
  {
    problem: 'The token length is invalid. Check the length and try again.',
    status: 400,
    spoil: (parameters) => ({ ...parameters, oauth_token: '' }),
  },
  {
    problem: 'Signature method HMAC-SHA1 is not supported',
    status: 400,
    spoil: (parameters) => ({ ...parameters, oauth_signature_method: 'HMAC-SHA1' }),
  },
  {
    problem: 'Consumer key is not the correct length',
    status: 401,
    spoil: (parameters) => ({ ...parameters, oauth_consumer_key: 'short' }),
  },
  {
    problem: 'A consumer having the specified key does not exist',
    status: 401,
    spoil: (parameters) => ({ ...parameters, oauth_consumer_key: 'x'.repeat(32) }),
  },
  {
    problem: 'An error occurred validating the nonce',
    status: 401,
    spoil: (parameters) => ({ ...parameters, oauth_timestamp: '99999999999' }),
  },
  {
    problem: 'The nonce is already being used by the consumer with ID 1',
    status: 401,
    spoil: (parameters, { usedNonce }) => ({ ...parameters, oauth_nonce: usedNonce }),
  },
];

const atTheToken: readonly Spoiling[] = [
  {
    problem: 'Specified token does not exist',
    status: 401,
    spoil: (parameters) => ({ ...parameters, oauth_token: 'x'.repeat(32) }),
  },
  {
    problem: 'Request token is not associated with the specified consumer',
    status: 401,
    spoil: (parameters, { strangersToken }) => ({ ...parameters, oauth_token: strangersToken }),
  },
  {
    problem: 'Token is already being used',
    status: 401,
    spoil: (parameters, { accessToken }) => ({ ...parameters, oauth_token: accessToken }),
  },
  {
    problem: 'Verifier is not the correct length',
    status: 401,
    spoil: (parameters) => ({ ...parameters, oauth_verifier: 'short' }),
  },
  {
    problem: 'Token verifier and verifier token do not match',
    status: 401,
    spoil: (parameters) => ({ ...parameters, oauth_verifier: 'x'.repeat(32) }),
  },
];

/** Applied last to first, each spoiling wins over the later ones. */
function spoilt(
  spoilings: readonly Spoiling[],
  parameters: Record<string, string>,
  known: Parameters<Spoiling['spoil']>[1],
): Record<string, string> {
  return spoilings.reduceRight((sofar, { spoil }) => spoil(sofar, known), parameters);
}

function without(parameters: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== name));
}

const wrong = (signer: Credentials) => ({ ...signer, consumerSecret: 'wrong' });

describe('/oauth/token/request', () => {
  for (const [index, { problem, status }] of beforeTheToken.entries()) {
    it(`finds "${problem}" before anything later`, async () => {
      const { store, clock, credentials } = await activatedStore();
      const call = { storeUrl: store.url, target: '/oauth/token/request' };
      const { consumerKey, consumerSecret } = credentials();
      const signer = wrong({ consumerKey, consumerSecret });
      const used = parametersFor(signer, clock.now());
      await send({ ...call, headers: { Authorization: authorization(call, signer, used) } });
      clock.forward(300);
      const known = { usedNonce: used['oauth_nonce']!, strangersToken: '', accessToken: '' };
      const parameters = spoilt(
        beforeTheToken.slice(index),
        parametersFor(signer, clock.now()),
        known,
      );

      const header = authorization(call, signer, parameters);
      const reply = await send({ ...call, headers: { Authorization: header } });

      expect(problemIn(reply)).toBe(problem);
      expect(reply.status).toBe(status);
      expect(reply.headers['content-type']).toBe('text/html; charset=UTF-8');
    });
  }

  it('finds an expired key before a bad signature', async () => {
    const { store, clock, credentials } = await activatedStore();
    clock.forward(300);

    const { consumerKey, consumerSecret } = credentials();
    const reply = await sendSigned(
      { storeUrl: store.url, target: '/oauth/token/request' },
      wrong({ consumerKey, consumerSecret }),
      clock.now(),
    );

    expect(reply.status).toBe(401);
    expect(problemIn(reply)).toBe('Consumer key has expired');
  });

  it('gives a request token in the last second', async () => {
    const { clock, requestToken } = await activatedStore();
    clock.forward(299);

    expect(await requestToken()).toMatchObject({ status: 200 });
  });

  for (const [seconds, status] of [
    [59, 200],
    [60, 401],
  ] as const) {
    it(`answers ${status} after ${seconds} seconds where the shop has set 60`, async () => {
      const { clock, requestToken } = await activatedStore({ consumerExpirySeconds: 60 });
      clock.forward(seconds);

      expect(await requestToken()).toMatchObject({ status });
    });
  }

  it('finds a bad signature before a row of the wrong type', async () => {
    const { store, clock, credentials, requestToken } = await activatedStore();
    await requestToken();

    const { consumerKey, consumerSecret } = credentials();
    const reply = await sendSigned(
      { storeUrl: store.url, target: '/oauth/token/request' },
      wrong({ consumerKey, consumerSecret }),
      clock.now(),
    );

    expect(reply.status).toBe(401);
    expect(problemIn(reply)).toBe('The signature is invalid. Verify and try again.');
  });

  it('has no token for an integration that was never activated', async () => {
    const { store, clock } = await activatedStore();
    const { id, consumerKey, consumerSecret } = store.addIntegration({
      name: 'Never activated',
      endpointUrl: 'http://127.0.0.1:1/',
      identityUrl: 'http://127.0.0.1:1/',
    });

    const reply = await sendSigned(
      { storeUrl: store.url, target: '/oauth/token/request' },
      { consumerKey, consumerSecret },
      clock.now(),
    );

    expect(reply.status).toBe(401);
    expect(problemIn(reply)).toBe(`A token with consumer ID ${id} does not exist`);
  });

  it('names all that is missing when the header was stripped', async () => {
    const { store } = await activatedStore();

    const reply = await send({ storeUrl: store.url, target: '/oauth/token/request' });

    expect(reply.status).toBe(400);
    expect(problemIn(reply)).toBe(
      [
        'oauth_consumer_key',
        'oauth_signature',
        'oauth_signature_method',
        'oauth_nonce',
        'oauth_timestamp',
      ]
        .map(required)
        .join(', '),
    );
  });
});

describe('/oauth/token/access', () => {
  const spoilings = [...beforeTheToken, ...atTheToken];

  for (const [index, { problem, status }] of spoilings.entries()) {
    it(`finds "${problem}" before anything later`, async () => {
      const { store, clock, credentials, requestToken } = await activatedStore();
      const token = tokenIn(await requestToken());
      const good = { ...credentials(), ...token };
      const signer = wrong(good);
      const call = { storeUrl: store.url, target: '/oauth/token/access' };
      const used = parametersFor(signer, clock.now());
      await send({ ...call, headers: { Authorization: authorization(call, signer, used) } });
      const known = {
        usedNonce: used['oauth_nonce']!,
        strangersToken: await tokenOfAnother(store),
        accessToken: token.token,
      };
      if (problem === 'Token is already being used') {
        known.accessToken = tokenIn(await sendSigned(call, good, clock.now())).token;
      }

      const parameters = spoilt(spoilings.slice(index), parametersFor(signer, clock.now()), known);
      const header = authorization(call, signer, parameters);
      const reply = await send({ ...call, headers: { Authorization: header } });

      expect(problemIn(reply)).toBe(problem);
      expect(reply.status).toBe(status);
    });
  }

  it('finds a bad signature after the verifier', async () => {
    const { store, clock, credentials, requestToken } = await activatedStore();
    const token = tokenIn(await requestToken());

    const reply = await sendSigned(
      { storeUrl: store.url, target: '/oauth/token/access' },
      { ...credentials(), ...token, tokenSecret: 'wrong' },
      clock.now(),
    );

    expect(reply.status).toBe(401);
    expect(problemIn(reply)).toBe('The signature is invalid. Verify and try again.');
  });

  it('repeats what it refuses character by character', async () => {
    const { store, clock, credentials } = await activatedStore({ release: '2.4.7' });
    const call = { storeUrl: store.url, target: '/oauth/token/request' };
    const parameters = parametersFor(credentials(), clock.now());
    const changed = { ...parameters, oauth_signature_method: "$& $' $1" };
    const header = authorization(call, credentials(), changed);

    const reply = await send({ ...call, headers: { Authorization: header } });

    expect(problemIn(reply)).toBe("Signature method $& $' $1 is not supported");
  });

  it('wants token and verifier beside the rest', async () => {
    const { store } = await activatedStore();

    const reply = await send({ storeUrl: store.url, target: '/oauth/token/access' });

    expect(problemIn(reply)).toMatch(`${required('oauth_token')}, ${required('oauth_verifier')}`);
  });
});

async function tokenOfAnother(store: Awaited<ReturnType<typeof activatedStore>>['store']) {
  const [first] = store.integrations();
  const other = store.addIntegration({ ...first!, name: 'Another' });
  await store.activate(other.id);
  return store.integrations().find(({ id }) => id === other.id)!.tokens[0]!.token;
}
