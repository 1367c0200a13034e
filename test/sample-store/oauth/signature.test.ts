import { describe, expect, it } from '@jest/globals';
import type { IncomingRequest } from '../../../src/sample-store/calls/incoming-request.js';
import { rawUrlEncode, toBinary } from '../../../src/sample-store/php-strings.js';
import { laminasBaseString } from '../../../src/sample-store/oauth/laminas-base-string.js';
import { protocolParameters } from '../../../src/sample-store/oauth/protocol-parameters.js';
import { baseStrings, signatureOf } from '../../../src/sample-store/oauth/signature.js';
import { signatureVectors, type SignatureVector } from '../../support/signature-vector.js';
import { rfcBaseString } from '../rfc-signer.js';

type Generation = keyof typeof baseStrings;

function requestOf(vector: SignatureVector): IncomingRequest {
  const { method, url, oauthParams, body, contentType } = vector;
  const [, scheme, host = '', target = ''] = /^(https?):\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const header = Object.entries(oauthParams).map(
    ([name, value]) => `${name}="${rawUrlEncode(toBinary(value))}"`,
  );
  return {
    method,
    scheme: scheme === 'https' ? 'https' : 'http',
    host,
    target,
    authorization: `OAuth ${header.join(', ')}`,
    contentType: contentType ?? '',
    headers: {},
    body: body ?? '',
  };
}

function baseString(
  generation: Generation,
  vector: SignatureVector,
  build = baseStrings[generation],
): string {
  const request = requestOf(vector);
  return build(request, protocolParameters(request, { baseString: generation }));
}

function signature(base: string, { consumerSecret, tokenSecret }: SignatureVector): string {
  return signatureOf('HMAC-SHA256', base, { consumerSecret, tokenSecret: tokenSecret ?? '' });
}

const laminasThatDecodesLess: typeof laminasBaseString = (request, parameters) =>
  laminasBaseString(request, parameters, /[a-zA-Z0-9_\-.~]/);

describe('the vectors', () => {
  it('are all there', () => {
    expect(signatureVectors).toHaveLength(64);
  });

  for (const vector of signatureVectors) {
    it(`agree with the tests' own signer about RFC 5849: ${vector.note} (${vector.id})`, () => {
      const { method, url, contentType, body, oauthParams } = vector;
      const request = { method, url, contentType: contentType ?? '', body: body ?? '' };

      expect(rfcBaseString(request, oauthParams)).toBe(vector.rfc5849.baseString);
    });
  }
});

for (const [name, generation, build, computed] of [
  ['2.4.6 and 2.4.7', 'laminas', baseStrings.laminas, '2.4.6-2.4.7'],
  ['2.4.7 with a patched laminas-uri', 'laminas', laminasThatDecodesLess, 'between'],
  ['2.4.8', 'magento', baseStrings.magento, '2.4.8+'],
] as const) {
  describe(`the signature of Magento ${name}`, () => {
    for (const vector of signatureVectors) {
      it(`is Magento's own for ${vector.note} (${vector.id})`, () => {
        const base = baseString(generation, vector, build);

        expect(signature(base, vector)).toBe(vector.magento[computed]);
        if (vector.allAgree) expect(base).toBe(vector.rfc5849.baseString);
      });
    }
  });
}

/** The vectors have no column for these releases: the matrix of docs/magento.md says who is refused. */
const refusedUpTo245: readonly number[] = [
  100, // + as space in a value
  102, // + in a name
  104, // one name twice
  106, // raw = in a value
  110, // names p2 p10
  116, // a name that contains oauth_
  128, // form body with a dot in a name
];

describe('the signature of Magento up to 2.4.5', () => {
  for (const vector of signatureVectors) {
    const isRefused = refusedUpTo245.includes(vector.id);
    const verdict = isRefused ? 'is not' : 'is';
    it(`${verdict} that of RFC 5849 for ${vector.note} (${vector.id})`, () => {
      const isTheSame = baseString('zend', vector) === vector.rfc5849.baseString;

      expect(isTheSame).toBe(!isRefused);
    });
  }
});

describe('the order of x[1], x[2], x[10]', () => {
  for (const [generation, order] of [
    ['zend', '1,2,10'],
    ['laminas', '1,2,10'],
    ['magento', '10,1,2'],
  ] as const) {
    it(`is ${order} by ${generation}`, () => {
      const url = 'https://shop.example/rest/V1/x?x[1]=a&x[2]=a&x[10]=a';

      const base = baseString(generation, { ...signatureVectors[0]!, url });

      const indexes = [...base.matchAll(/x%255B(\d+)/g)].map(([, index]) => index);
      expect(indexes.join()).toBe(order);
    });
  }
});

describe('the path by laminas', () => {
  for (const [sent, signed] of [
    ['/a%2Fb', '/a/b'],
    ['/%2B%26%3D%40%3A%3B%2C%24', '/+&=@:;,$'],
    ["/a!*'[b]", '/a%21%2A%27%5Bb%5D'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/a%252Fb', '/a%2Fb'],
    ['/a/./b/../c', '/a/c'],
    ['/a/..', '/'],
    ['/a/.', '/a/'],
    ['/.', '/'],
    ['/a//b', '/a//b'],
    ['/50%', '/50%25'],
    ['/%28a%29(b)~%7E', '/%28a%29(b)~~'],
  ] as const) {
    it(`is ${signed} for ${sent}`, () => {
      const vector = { ...signatureVectors[0]!, url: `https://shop.example${sent}` };

      const [, url = ''] = baseString('laminas', vector).split('&');

      expect(decodeURIComponent(url)).toBe(`https://shop.example${signed}`);
    });
  }
});

describe('a base string', () => {
  const [plain] = signatureVectors;
  const numbered = { ...plain!, url: 'https://shop.example/rest/V1/x?5=1' };
  const nested = { ...plain!, body: 'a[b]=1', contentType: 'application/x-www-form-urlencoded' };
  const odd = { ...plain!, url: 'https://my_shop.example/rest/V1/x' };

  for (const generation of ['zend', 'laminas'] as const) {
    it(`is refused by ${generation} for a parameter named by a number`, () => {
      expect(() => baseString(generation, numbered)).toThrow('The signature is invalid');
    });
  }

  it('fails like PHP since 2.4.8 for a parameter named by a number', () => {
    expect(() => baseString('magento', numbered)).toThrow(TypeError);
  });

  for (const generation of ['zend', 'magento'] as const) {
    it(`fails like PHP by ${generation} for a form body with nested names`, () => {
      expect(() => baseString(generation, nested)).toThrow(TypeError);
    });
  }

  it('is no RFC 5849 string by laminas for a form body with nested names', () => {
    expect(baseString('laminas', nested)).toContain('&a%3DArray%26oauth_consumer_key');
  });

  for (const generation of ['zend', 'laminas', 'magento'] as const) {
    it(`needs a host name that PHP takes, by ${generation}`, () => {
      expect(() => baseString(generation, odd)).toThrow('Invalid URI supplied');
    });
  }

  it('needs raw characters to be escaped, up to 2.4.5', () => {
    const raw = { ...plain!, url: 'https://shop.example/rest/V1/x?q={a|b}' };

    expect(() => baseString('zend', raw)).toThrow('Invalid URI supplied');
  });
});
