import { describe, expect, it } from '@jest/globals';
import { generateBase } from 'oauth-sign';
import { baseString } from '../../src/oauth1/base-string.js';
import { baseStringUri } from '../../src/oauth1/base-string-uri.js';
import { formParameters, type Parameter } from '../../src/oauth1/form-parameters.js';
import { portableForm } from '../../src/oauth1/portable-form.js';
import { signRequest } from '../../src/oauth1/sign-request.js';
import { signature } from '../../src/oauth1/signature.js';
import { UnportableRequestError } from '../../src/oauth1/unportable-request-error.js';
import { urlParts } from '../../src/oauth1/url-parts.js';
import { signatureVectors, type SignatureVector } from '../support/signature-vector.js';

function present<T extends object>(fields: T) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function parametersOf(vector: SignatureVector): Parameter[] {
  return [
    ...formParameters(urlParts(vector.url)?.query ?? ''),
    ...portableForm(present({ body: vector.body, contentType: vector.contentType })),
    ...Object.entries(vector.oauthParams),
  ];
}

/** Signs the vector's request through the front door, with another URL if one is given. */
function signVector(vector: SignatureVector, url = vector.url) {
  const oauth = vector.oauthParams;
  return signRequest(
    {
      method: vector.method,
      url,
      ...present({ body: vector.body, contentType: vector.contentType }),
    },
    {
      consumerKey: oauth['oauth_consumer_key']!,
      consumerSecret: vector.consumerSecret,
      ...present({
        token: oauth['oauth_token'],
        tokenSecret: vector.tokenSecret,
        verifier: oauth['oauth_verifier'],
      }),
    },
    { nonce: oauth['oauth_nonce']!, timestamp: oauth['oauth_timestamp']! },
  );
}

function vectorNumber(id: number): SignatureVector {
  return signatureVectors.find((vector) => vector.id === id)!;
}

describe('baseString and signature', () => {
  for (const vector of signatureVectors) {
    it(`give RFC 5849's answer to vector ${vector.id}: ${vector.note}`, () => {
      const { method, url, consumerSecret, tokenSecret } = vector;
      const parameters = parametersOf(vector);
      const secrets = { consumerSecret, tokenSecret: tokenSecret ?? '' };

      expect(baseString(method, url, parameters)).toBe(vector.rfc5849.baseString);
      if (new Set(parameters.map(([name]) => name)).size < parameters.length) return;
      expect(signature(method, url, parameters, secrets)).toBe(vector.rfc5849.signature);
      expect(generateBase(method, baseStringUri(url), Object.fromEntries(parameters))).toBe(
        vector.rfc5849.baseString,
      );
    });
  }
});

/** signRequest always sends oauth_version and never oauth_callback. */
const ordinary = signatureVectors.filter(
  ({ oauthParams }) => 'oauth_version' in oauthParams && !('oauth_callback' in oauthParams),
);

describe('signRequest', () => {
  for (const vector of ordinary.filter(({ allAgree }) => allAgree)) {
    it(`signs vector ${vector.id} as it is: ${vector.note}`, () => {
      expect(signVector(vector)).toMatchObject({ ...vector.rfc5849, url: vector.url });
    });
  }

  const respelled: Record<number, string> = {
    26: 'https://shop.example.com/rest/V1/orders',
    100: 'https://shop.example.com/rest/V1/products?searchCriteria[filter_groups][0][filters][0][value]=a%20b',
    106: 'https://shop.example.com/rest/V1/products?q=a%3Db&b=1',
    122: 'https://shop.example.com/rest/V1/products/~A',
    124: 'https://shop.example.com/rest/V1/products/a%5Bb%5D',
  };
  const refused: Record<number, RegExp> = {
    102: /"a b" reaches PHP under another name/,
    104: /"ids\[\]" occurs twice/,
    108: /"g\[10\]" comes before "g\[1\]" on some releases/,
    110: /"p2" comes before "p10" on some releases/,
    112: /"a b" reaches PHP under another name/,
    114: /"s\[filterGroups\]" comes before "s\[filter\]" on some releases/,
    116: /"s\[oauth_x\]" contains "oauth_"/,
    118: /%2F/,
    120: /%2B/,
    126: /segment "\." or "\.\."/,
    128: /"a\.b" reaches PHP under another name/,
  };
  for (const vector of ordinary.filter(({ allAgree }) => !allAgree)) {
    const url = respelled[vector.id];
    if (url) {
      it(`respells vector ${vector.id}: ${vector.note}`, () => {
        expect(signVector(vector).url).toBe(url);
      });
    } else {
      it(`refuses vector ${vector.id}: ${vector.note}`, () => {
        expect(() => signVector(vector)).toThrow(UnportableRequestError);
        expect(() => signVector(vector)).toThrow(refused[vector.id]);
      });
    }
  }
});

describe('a respelled URL', () => {
  it('has the signature that 2.4.6 and 2.4.7 compute for raw brackets in the path', () => {
    const vector = vectorNumber(124);

    expect(signVector(vector).signature).toBe(vector.magento['2.4.6-2.4.7']);
  });

  it('has the signature that 2.4.6 and 2.4.7 compute for needless escapes in the path', () => {
    const vector = vectorNumber(122);

    expect(signVector(vector).signature).toBe(vector.magento['2.4.6-2.4.7']);
  });

  it('has the signature that releases up to 2.4.7 compute when the default port is named', () => {
    const vector = vectorNumber(26);

    expect(signVector(vector).signature).toBe(vector.magento['2.4.6-2.4.7']);
    expect(signVector(vector).signature).toBe(vector.magento.between);
  });

  it('has the signature that 2.4.8 computes for a raw = in a value', () => {
    const vector = vectorNumber(106);

    expect(signVector(vector).signature).toBe(vector.magento['2.4.8+']);
  });
});
