import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { baseString } from '../../src/oauth1/base-string.js';
import { formParameters } from '../../src/oauth1/form-parameters.js';
import { signRequest } from '../../src/oauth1/sign-request.js';
import type { RequestToSign } from '../../src/oauth1/request-to-sign.js';
import { UnportableRequestError } from '../../src/oauth1/unportable-request-error.js';
import { awkwardRequest, seededRandom } from './awkward-request.js';
import { signaturesOfMagento } from './magento.js';

const credentials = {
  consumerKey: 'abcdyhr0t8nqm3rnsu6x4zv9lq2k7w1p',
  consumerSecret: 'a&b%c+d=e/f é',
  token: 'tv7ofymmis8lsy9ya6m4x8vnkyy9plbb',
  tokenSecret: 'swhixp1lglex42ep70cnxhai3ouo0l3j',
};
const once = { nonce: '3f9c2b7a1d4e5f60718293a4b5c6d7e8', timestamp: 1700000000 };
const oauthParams = {
  oauth_consumer_key: credentials.consumerKey,
  oauth_token: credentials.token,
  oauth_signature_method: 'HMAC-SHA256',
  oauth_timestamp: '1700000000',
  oauth_nonce: once.nonce,
  oauth_version: '1.0',
};

/** RFC 5849's answer for the request as it stands; undefined where the text has none. */
function rfcSignature(request: RequestToSign): string | undefined {
  try {
    const form = request.contentType?.startsWith('application/x-www-form') ? request.body : '';
    const query = request.url.replace(/#.*/, '').split('?').slice(1).join('?');
    const parameters = [
      ...formParameters(query),
      ...formParameters(form ?? ''),
      ...Object.entries(oauthParams),
    ];
    const key = `${encodeURIComponent(credentials.consumerSecret)}&${credentials.tokenSecret}`;
    return createHmac('sha256', key)
      .update(baseString(request.method, request.url, parameters))
      .digest('base64');
  } catch {
    return undefined;
  }
}

function signOrRefuse(request: RequestToSign) {
  try {
    return signRequest(request, credentials, once);
  } catch (error) {
    if (error instanceof UnportableRequestError) return undefined;
    throw error;
  }
}

function meaning(url: string) {
  const query = url.replace(/#.*/, '').split('?').slice(1).join('?');
  const path = /^[^?#]*?:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';
  return {
    path: unescapedBytes(path || '/'),
    parameters: formParameters(query),
  };
}

function unescapedBytes(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('latin1')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** The URLs for which the fact does not hold. */
function exceptions<T extends { url: string }>(all: readonly T[], holds: (one: T) => boolean) {
  return all.filter((one) => !holds(one)).map(({ url }) => url);
}

function everyGenerationSigns(request: RequestToSign, signature: string): boolean {
  const signatures = signaturesOfMagento(request, oauthParams, credentials);
  return Object.values(signatures).every((one) => one === signature);
}

/** A fragment is never sent; of numbers as names, only whole ones have been seen to fail. */
function refusedOnPurpose({ url, body = '' }: RequestToSign): boolean {
  return url.includes('#') || /\b(?:05|1e5)=/.test(`${url}&${body}`);
}

const random = seededRandom(5849);
const requests = Array.from({ length: 12_000 }, () => awkwardRequest(random));
const signed = requests.flatMap((request) => {
  const answer = signOrRefuse(request);
  return answer ? [{ request, answer, url: request.url }] : [];
});

describe('12,000 awkward requests', () => {
  it('are signed in good part, and refused in good part', () => {
    const share = signed.length / requests.length;

    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  });

  it('have, once signed, the signature that every generation of Magento computes', () => {
    const refused = exceptions(signed, ({ request, answer }) =>
      everyGenerationSigns({ ...request, url: answer.url }, answer.signature),
    );

    expect(refused).toEqual([]);
  });

  it('keep their path, names and values when they are respelled', () => {
    const changed = exceptions(signed, ({ request, answer }) =>
      isDeepStrictEqual(meaning(answer.url), meaning(request.url)),
    );

    expect(changed).toEqual([]);
  });

  it('are not respelled a second time', () => {
    const changed = exceptions(signed, ({ request, answer }) =>
      isDeepStrictEqual(signOrRefuse({ ...request, url: answer.url }), answer),
    );

    expect(changed).toEqual([]);
  });

  it('keep their signature when an HTTP client writes the URL its own way', () => {
    const changed = exceptions(signed, ({ request, answer }) =>
      everyGenerationSigns({ ...request, url: new URL(answer.url).href }, answer.signature),
    );

    expect(changed).toEqual([]);
  });

  it('are signed byte for byte where every generation agrees with RFC 5849 from the start', () => {
    const agreed = requests.filter((request) => {
      const rfc = rfcSignature(request);
      return rfc && !refusedOnPurpose(request) && everyGenerationSigns(request, rfc);
    });
    const refusedOrRespelled = exceptions(agreed, (request) =>
      Object.is(signOrRefuse(request)?.url, request.url),
    );

    expect(agreed.length).toBeGreaterThan(500);
    expect(refusedOrRespelled).toEqual([]);
  });
});
