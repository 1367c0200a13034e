import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { IncomingRequest } from '../../../src/sample-store/calls/incoming-request.js';
import { rawUrlEncode, toBinary } from '../../../src/sample-store/php-strings.js';
import { protocolParameters } from '../../../src/sample-store/oauth/protocol-parameters.js';
import { baseString, signatureOf } from '../../../src/sample-store/oauth/signature.js';

interface Vector {
  readonly id: number;
  readonly note: string;
  readonly method: string;
  readonly url: string;
  readonly oauthParams: Record<string, string>;
  readonly body: string | null;
  readonly contentType: string | null;
  readonly consumerSecret: string;
  readonly tokenSecret: string | null;
  readonly rfc5849: { readonly baseString: string };
  readonly allAgree: boolean;
  readonly magento: { readonly '2.4.8+': string };
}

const file = path.resolve(import.meta.dirname, '../../support/signature-vectors.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

function requestOf({ method, url, oauthParams, body, contentType }: Vector): IncomingRequest {
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

describe('the signature of Magento 2.4.8', () => {
  it('has vectors to be measured by', () => {
    expect(vectors).toHaveLength(64);
  });

  for (const vector of vectors) {
    it(`is Magento's own for ${vector.note} (${vector.id})`, () => {
      const request = requestOf(vector);

      const base = baseString(request, protocolParameters(request));

      expect(signatureOf(base, vector.consumerSecret, vector.tokenSecret ?? '')).toBe(
        vector.magento['2.4.8+'],
      );
      if (vector.allAgree) expect(base).toBe(vector.rfc5849.baseString);
    });
  }

  it('fails like PHP on a parameter named by a number', () => {
    const request = requestOf({ ...vectors[0]!, url: 'https://shop.example/rest/V1/x?5=1' });

    expect(() => baseString(request, protocolParameters(request))).toThrow(TypeError);
  });

  it('fails like PHP on a form body with nested names', () => {
    const request = requestOf({
      ...vectors[0]!,
      body: 'a[b]=1',
      contentType: 'application/x-www-form-urlencoded',
    });

    expect(() => protocolParameters(request)).toThrow(TypeError);
  });
});
