import { describe, expect, it } from '@jest/globals';
import { activatedStore } from '../activated-store.js';
import { authorization, parametersFor, problemIn, send, tokenIn } from '../third-party.js';

const minute = 60;

/** A store in which chance falls as told, and never before that. */
async function chancyStore() {
  let chance = 1;
  const started = await activatedStore({ cleanupProbability: 1 / 100, random: () => chance });
  return {
    ...started,
    always: (drawn: number) => {
      chance = drawn;
    },
  };
}

/** An integration that is activated only so that a token is saved. */
async function activateAnother({ store, callback }: Awaited<ReturnType<typeof chancyStore>>) {
  const other = { name: 'Other', endpointUrl: callback.url, identityUrl: 'http://x.example/' };
  await store.activate(store.addIntegration(other).id);
}

describe('the clean-up of tokens', () => {
  it('deletes a request row of 120 minutes with any save of a token', async () => {
    const chancy = await chancyStore();
    await chancy.requestToken();
    chancy.clock.forward(120 * minute);
    chancy.always(0);

    await activateAnother(chancy);

    expect(chancy.integration().tokens).toEqual([]);
  });

  it('leaves a request row of 119 minutes', async () => {
    const chancy = await chancyStore();
    await chancy.requestToken();
    chancy.clock.forward(119 * minute);
    chancy.always(0);

    await activateAnother(chancy);

    expect(chancy.integration().tokens).toMatchObject([{ type: 'request' }]);
  });

  for (const [drawn, left] of [
    [0.0099, 0],
    [0.01, 1],
  ] as const) {
    it(`${left ? 'does not come' : 'comes'} when chance draws ${drawn}`, async () => {
      const chancy = await chancyStore();
      await chancy.requestToken();
      chancy.clock.forward(120 * minute);
      chancy.always(drawn);

      await activateAnother(chancy);

      expect(chancy.integration().tokens).toHaveLength(left);
    });
  }

  it('never comes where its probability is 0', async () => {
    const calm = await activatedStore({ cleanupProbability: 0, random: () => 0 });
    await calm.requestToken();
    calm.clock.forward(120 * minute);

    const { id } = calm.store.addIntegration({ ...calm.integration(), name: 'Other' });
    await calm.store.activate(id);

    expect(calm.integration().tokens).toHaveLength(1);
  });

  it('counts from the verifier row, and so can take a request token with its own save', async () => {
    const chancy = await chancyStore();
    const { createdAt } = chancy.integration().tokens[0]!;
    chancy.clock.forward(120 * minute);
    await chancy.store.activate(chancy.id);
    expect(chancy.integration().tokens).toMatchObject([{ type: 'verifier', createdAt }]);
    chancy.always(0);

    const reply = await chancy.requestToken();
    const access = await chancy.accessToken(tokenIn(reply));

    expect(reply.status).toBe(200);
    expect(problemIn(access)).toBe('Specified token does not exist');
  });

  it('does not take an access row, however old', async () => {
    const chancy = await chancyStore();
    await chancy.connect();
    chancy.clock.forward(365 * 24 * 60 * minute);
    chancy.always(0);

    await activateAnother(chancy);

    expect(chancy.integration().tokens).toMatchObject([{ type: 'access' }]);
  });

  it('ends the jam, since it takes the row that lookups find first', async () => {
    const chancy = await chancyStore();
    await chancy.requestToken();
    chancy.clock.forward(120 * minute);
    await chancy.store.activate(chancy.id);
    chancy.always(0);

    await activateAnother(chancy);

    expect(await chancy.requestToken()).toMatchObject({ status: 200 });
  });
});

describe('the clean-up of nonces', () => {
  it('frees a nonce whose timestamp is 120 minutes old', async () => {
    const { store, clock, credentials, always } = await chancyStore();
    const signer = { consumerKey: credentials().consumerKey, consumerSecret: 'wrong' };
    const call = { storeUrl: store.url, target: '/oauth/token/request' };
    const use = async (nonce: string) => {
      const parameters = { ...parametersFor(signer, clock.now()), oauth_nonce: nonce };
      const Authorization = authorization(call, signer, parameters);
      return problemIn(await send({ ...call, headers: { Authorization } }));
    };
    await use('once');
    clock.forward(119 * minute);
    always(0);
    await use('a');
    const still = await use('once');
    clock.forward(minute);
    await use('b');

    expect(still).toMatch(/already being used/);
    expect(await use('once')).toBe('Consumer key has expired');
  });
});
