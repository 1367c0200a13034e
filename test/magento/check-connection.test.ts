import { describe, expect, it } from '@jest/globals';
import { checkConnection, readCheckReply } from '../../src/magento/check-connection.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { storeHttp } from '../../src/magento/store-http.js';

function read(status: number, body: unknown, location?: string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readCheckReply({ status, text, location, date: undefined });
}

describe('readCheckReply', () => {
  const rows: readonly (readonly [
    status: number,
    body: unknown,
    result: string,
    detail: string,
  ])[] = [
    [200, [], 'connected', 'answers signed calls'],
    [200, [{ code: 'default' }], 'connected', 'answers signed calls'],
    [200, '<html>', 'unreachable', '200'],
    [200, { message: 'x' }, 'unreachable', '200'],
    [
      401,
      {
        message: "The consumer isn't authorized to access %resources.",
        parameters: { resources: 'Magento_Backend::store' },
      },
      'connected_without_permission',
      'Magento_Backend::store',
    ],
    [401, { message: 'Specified token does not exist' }, 'refused', 'already_granted: '],
    [401, { message: 'Access token has been revoked' }, 'refused', 'token_refused: '],
    [401, { message: 'Die Signatur?' }, 'refused', 'oauth_problem_unknown: Die Signatur?'],
    [401, { message: 'Invalid signature' }, 'undecided', 'signature_refused: '],
    [401, { message: 'An error occurred validating the nonce' }, 'undecided', 'nonce_refused: '],
    [401, '<html>', 'unreachable', '401'],
    [403, { message: 'Forbidden' }, 'unreachable', '403'],
    [404, { message: 'Request does not match any route.' }, 'unreachable', '404'],
    [500, { message: 'Internal Error.' }, 'unreachable', '500'],
    [503, '', 'unreachable', '503'],
  ];
  for (const [status, body, result, detail] of rows) {
    it(`reads ${status} with ${JSON.stringify(body)} as ${result}`, () => {
      const check = read(status, body);

      expect(check.result).toBe(result);
      expect(check.detail).toContain(detail);
    });
  }

  it('names where a redirect leads to', () => {
    expect(read(302, '', 'https://www.shop.example/x').detail).toContain(
      'https://www.shop.example',
    );
  });

  it('bounds what a store says', () => {
    const long = { message: 'x'.repeat(60_000) };
    const wide = { message: '%resources', parameters: { resources: 'y'.repeat(60_000) } };

    expect(read(401, long).detail.length).toBeLessThan(700);
    expect(read(401, wide).detail.length).toBeLessThan(700);
  });
});

describe('checkConnection', () => {
  it('tells a store that may not be reached as unreachable, without a secret', async () => {
    const http = storeHttp({ hosts: [], allowHttp: true, allowPrivate: false });
    const [consumerKey, consumerSecret, accessToken, accessTokenSecret] = Array.from(
      { length: 4 },
      randomNonce,
    );

    const check = await checkConnection(
      { storeHttp: http, now: () => new Date(), nonce: randomNonce },
      {
        storeBaseUrl: 'http://127.0.0.1:9/',
        consumerKey: consumerKey!,
        consumerSecret: consumerSecret!,
        accessToken: accessToken!,
        accessTokenSecret: accessTokenSecret!,
      },
    );

    expect(check).toEqual({
      result: 'unreachable',
      detail: 'private addresses are not allowed',
    });
  });
});
