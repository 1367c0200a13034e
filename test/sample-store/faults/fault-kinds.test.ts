import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import http from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { faultKinds } from '../../../src/sample-store/faults/fault-kinds.js';
import type { CallFault } from '../../../src/sample-store/faults/faults.js';
import { activatedStore } from '../activated-store.js';
import { authorization, parametersFor, problemIn, send, tokenIn } from '../third-party.js';

const html = expect.stringMatching(/^<!doctype html>/);

/** A request call whose raw bytes matter. */
async function rawReply(fault: CallFault) {
  const { store, clock, credentials, integration } = await activatedStore({ faults: [fault] });
  const { consumerKey, consumerSecret } = credentials();
  const target = '/oauth/token/request';
  const signer = { consumerKey, consumerSecret };
  const parameters = parametersFor(signer, clock.now());
  const header = authorization({ storeUrl: store.url, target }, signer, parameters);
  const events: string[] = [];
  const bytes: Buffer[] = [];
  const request = http.request(new URL(target, store.url), {
    method: 'POST',
    agent: false,
    headers: { Authorization: header },
  });
  const headers = await new Promise<http.IncomingHttpHeaders | undefined>((resolve) => {
    request
      .on('response', (response) => {
        response
          .on('data', (chunk: Buffer) => bytes.push(chunk))
          .on('error', (error) => events.push(error.message))
          .on('close', () => {
            resolve(response.headers);
          });
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        events.push(error.message, error.code ?? '');
        resolve(undefined);
      })
      .end();
  });
  return { headers, bytes, events, tokens: integration().tokens, socket: request.socket };
}

describe('a fault at the request call', () => {
  const at = 'request';

  const answers: readonly [CallFault, object][] = [
    [
      { at, do: 'status-500' },
      { status: 500, body: html },
    ],
    [
      { at, do: 'empty-500' },
      { status: 500, body: '' },
    ],
    [
      { at, do: 'waf-403' },
      { status: 403, body: html },
    ],
    [
      { at, do: 'status-503' },
      { status: 503, headers: expect.objectContaining({ 'retry-after': '60' }) },
    ],
    ...([301, 302, 307, 308] as const).map((status): [CallFault, object] => [
      { at, do: 'redirect', location: 'https://www.shop.example/', status },
      { status, headers: expect.objectContaining({ location: 'https://www.shop.example/' }) },
    ]),
  ];
  for (const [fault, answer] of answers) {
    it(`${JSON.stringify(fault)} answers in the store's place`, async () => {
      const { integration, requestToken } = await activatedStore({ faults: [fault] });

      expect(await requestToken()).toMatchObject(answer);
      expect(integration().tokens).toMatchObject([{ type: 'verifier' }]);
    });
  }

  it('"garbage" is no text', async () => {
    const { bytes, tokens } = await rawReply({ at, do: 'garbage' });

    const decoder = new TextDecoder('utf-8', { fatal: true });
    expect(() => decoder.decode(Buffer.concat(bytes))).toThrow();
    expect(tokens).toMatchObject([{ type: 'verifier' }]);
  });

  it('"reset" resets the connection and does nothing', async () => {
    const { events, tokens } = await rawReply({ at, do: 'reset' });

    // What a mere end of the connection does not give: the kernel's own word.
    expect(events).toEqual(['read ECONNRESET', 'ECONNRESET']);
    expect(tokens).toMatchObject([{ type: 'verifier' }]);
  });

  it('"half-closed" does the work and ends its side alone', async () => {
    const { events, tokens } = await rawReply({ at, do: 'half-closed' });

    expect(events).toEqual(['socket hang up', 'ECONNRESET']);
    expect(tokens).toMatchObject([{ type: 'request' }]);
  });

  it('"cut" does the work and sends half of the reply', async () => {
    const { headers, bytes, events, tokens } = await rawReply({ at, do: 'cut' });

    const length = Number(headers?.['content-length']);
    expect(Buffer.concat(bytes)).toHaveLength(Math.floor(length / 2));
    expect(events).toEqual(['aborted']);
    expect(tokens).toMatchObject([{ type: 'request' }]);
  });

  it('"drip" does the work and sends it in single bytes', async () => {
    const { bytes, tokens } = await rawReply({ at, do: 'drip', ms: 1 });

    expect(bytes.length).toBeGreaterThan(20);
    expect(Buffer.concat(bytes).toString()).toBe(
      `oauth_token=${tokens[0]?.token}&oauth_token_secret=${tokens[0]?.secret}`,
    );
  });

  it('"compressed" compresses the reply though nobody asked for it', async () => {
    const { headers, bytes } = await rawReply({ at, do: 'compressed' });

    expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(gunzipSync(Buffer.concat(bytes)).toString()).toMatch(/^oauth_token=/);
  });

  it('"granted-twice" leaves the caller with a dead token', async () => {
    const { requestToken, accessToken } = await activatedStore({
      faults: [{ at, do: 'granted-twice', times: 1 }],
    });
    const dead = await requestToken();

    expect(dead.status).toBe(200);
    expect(problemIn(await accessToken(tokenIn(dead)))).toBe('Specified token does not exist');
  });

  it('"clock-skew" puts the clock behind for the checks and in the Date header', async () => {
    const { clock, requestToken } = await activatedStore({
      faults: [{ at, do: 'clock-skew', seconds: -3600, times: 1 }],
    });

    const skewed = await requestToken();
    const right = await requestToken();

    expect(problemIn(skewed)).toBe('An error occurred validating the nonce');
    expect(Date.parse(skewed.headers.date!)).toBe(clock.now().getTime() - 3_600_000);
    expect(right.status).toBe(200);
    expect(Date.parse(right.headers.date!)).toBe(clock.now().getTime());
  });

  it('"translated" says in German what it refuses', async () => {
    const { store, clock, requestToken } = await activatedStore({
      faults: [{ at, do: 'translated' }],
    });
    const bare = await send({ storeUrl: store.url, target: '/oauth/token/request' });
    clock.forward(300);

    expect(problemIn(bare)).toMatch(/^"oauth_consumer_key" fehlt\. .*, "oauth_signature" fehlt/);
    expect(problemIn(await requestToken())).toBe('Der Consumer-Key ist abgelaufen');
  });
});

describe('a fault at the access call', () => {
  it('"granted-twice" activates the integration with a token that nobody has', async () => {
    const { connect, integration, rest } = await activatedStore({
      faults: [{ at: 'access', do: 'granted-twice', times: 1 }],
    });

    const reply = await rest('/rest/V1/store/storeConfigs', await connect());

    expect(integration()).toMatchObject({ status: 'active', tokens: [{ type: 'access' }] });
    expect(reply).toMatchObject({ status: 401, body: expect.stringMatching(/does not exist/) });
  });
});

describe('a fault at REST', () => {
  const at = 'rest';
  const refusals: readonly [CallFault, object][] = [
    [{ at, do: 'token-gone' }, { message: 'Specified token does not exist' }],
    [{ at, do: 'token-revoked' }, { message: 'Access token has been revoked' }],
    [
      { at, do: 'no-permission', resource: 'Magento_Sales::sales' },
      {
        message: "The consumer isn't authorized to access %resources.",
        parameters: { resources: 'Magento_Sales::sales' },
      },
    ],
  ];
  for (const [fault, body] of refusals) {
    it(`"${fault.do}" refuses as Magento does`, async () => {
      const { connect, rest } = await activatedStore({ faults: [fault] });

      const reply = await rest('/rest/V1/store/storeConfigs', await connect());

      expect(reply.status).toBe(401);
      expect(JSON.parse(reply.body)).toEqual(body);
    });
  }

  it('"translated" translates the sentence and leaves its parameters', async () => {
    const { connect, rest } = await activatedStore({
      resources: [],
      faults: [{ at, do: 'translated' }],
    });

    const reply = await rest('/rest/V1/store/storeConfigs', await connect());

    expect(JSON.parse(reply.body)).toEqual({
      message: 'Der Consumer darf auf %resources nicht zugreifen.',
      parameters: { resources: 'Magento_Backend::store' },
    });
  });
});

describe('a fault at the activation POST', () => {
  it('"wrong-base-url" announces another address', async () => {
    const { store, id, callback } = await activatedStore();
    store.setFaults([{ at: 'post', do: 'wrong-base-url', url: 'https://old.shop.example/' }]);

    await store.activate(id);

    const fields = new URLSearchParams(callback.posts.at(-1)!.body);
    expect(fields.get('store_base_url')).toBe('https://old.shop.example/');
  });
});

describe('the catalogue of faults', () => {
  const magento = readFileSync('docs/magento.md', 'utf8');
  for (const [name, { heading }] of Object.entries(faultKinds)) {
    it(`points "${name}" to a heading of docs/magento.md`, () => {
      expect(magento).toMatch(new RegExp(`^#+ ${heading}$`, 'm'));
    });
  }
});
