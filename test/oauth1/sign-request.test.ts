import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { signRequest } from '../../src/oauth1/sign-request.js';
import type { RequestToSign } from '../../src/oauth1/request-to-sign.js';
import { UnportableRequestError } from '../../src/oauth1/unportable-request-error.js';

const consumer = {
  consumerKey: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6',
  consumerSecret: '0123456789abcdefghijklmnopqrstuv',
};
const withToken = {
  ...consumer,
  token: 't0t1t2t3t4t5t6t7t8t9tatbtctdtetf',
  tokenSecret: 'u0u1u2u3u4u5u6u7u8u9uaubucudueuf',
};
const once = { nonce: '3f9c2b7a1d4e5f60718293a4b5c6d7e8', timestamp: 1700000000 };
const form = 'application/x-www-form-urlencoded';

function get(query: string): RequestToSign {
  return { method: 'GET', url: `https://shop.example/rest/V1/products?${query}` };
}

function post(body: string, contentType = form): RequestToSign {
  return { method: 'POST', url: 'https://shop.example/rest/V1/products', body, contentType };
}

describe('signRequest', () => {
  const accepted = [
    {
      name: 'the request token call',
      request: { method: 'POST', url: 'https://shop.example/index.php/oauth/token/request' },
      credentials: consumer,
      signature: 'Sa3IByUBWIMJgReM4JXun7XbrkXC3UBjMNJnFgu/OkM=',
    },
    {
      name: 'the access token call',
      request: { method: 'POST', url: 'https://shop.example/index.php/oauth/token/access' },
      credentials: {
        ...consumer,
        token: 'r0r1r2r3r4r5r6r7r8r9rarbrcrdrerf',
        tokenSecret: 's0s1s2s3s4s5s6s7s8s9sasbscsdsesf',
        verifier: 'v0v1v2v3v4v5v6v7v8v9vavbvcvdvevf',
      },
      signature: 'i8Br4vSVx4jHDNZlssnwKGcVvwkhJvCM5DHnpGqEsKg=',
    },
    {
      name: 'a search with nested, escaped parameters',
      request: {
        method: 'GET',
        url: 'https://shop.example/rest/default/V1/products?searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bfield%5D=name&searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=%25caf%C3%A9%20b%2Bc%25&searchCriteria%5BpageSize%5D=5',
      },
      credentials: withToken,
      signature: 'MM9Nco4OVvf1bdahgNd7/vgYELfM3aPPxps5yGi6eJY=',
    },
    {
      name: 'a call to a port of its own',
      request: { method: 'GET', url: 'https://shop.example:8443/rest/V1/store/storeConfigs' },
      credentials: withToken,
      signature: 'CKDSF4F8neou3UL8vzddOiLZa/uMIVzhxBy8b4a47RQ=',
    },
  ];
  for (const { name, request, credentials, signature } of accepted) {
    it(`signs ${name} as Magento's verifiers have accepted it`, () => {
      expect(signRequest(request, credentials, once).signature).toBe(signature);
    });
  }

  it('writes one header with every value encoded, version 1.0 and no realm', () => {
    const { authorization } = signRequest(accepted[1]!.request, accepted[1]!.credentials, once);

    expect(authorization).toBe(
      'OAuth oauth_consumer_key="a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6", oauth_token="r0r1r2r3r4r5r6r7r8r9rarbrcrdrerf", oauth_signature_method="HMAC-SHA256", oauth_timestamp="1700000000", oauth_nonce="3f9c2b7a1d4e5f60718293a4b5c6d7e8", oauth_verifier="v0v1v2v3v4v5v6v7v8v9vavbvcvdvevf", oauth_version="1.0", oauth_signature="i8Br4vSVx4jHDNZlssnwKGcVvwkhJvCM5DHnpGqEsKg%3D"',
    );
  });

  it('leaves an empty token and verifier out', () => {
    const empty = { ...consumer, token: '', tokenSecret: '', verifier: '' };

    const answer = signRequest(accepted[0]!.request, empty, once);

    expect(answer).toEqual(signRequest(accepted[0]!.request, consumer, once));
    expect(answer.authorization).not.toMatch(/oauth_token|oauth_verifier/);
  });

  it('takes the timestamp as digits too, and the method in any case', () => {
    const request = { ...accepted[0]!.request, method: 'post' };

    const answer = signRequest(request, consumer, { ...once, timestamp: '1700000000' });

    expect(answer.signature).toBe(accepted[0]!.signature);
  });

  it('signs a form body, also with plus signs, raw = and bare names', () => {
    const { baseString } = signRequest(post('q=red+shirt&r=a=b&flag'), withToken, once);

    expect(baseString).toMatch(/&flag%3D%26oauth_.*%26q%3Dred%2520shirt%26r%3Da%253Db$/);
  });

  it('signs a form body whose content type has white space around it', () => {
    const spaced = signRequest(post('q=1', ` ${form} ; charset=utf-8`), withToken, once);

    expect(spaced).toEqual(signRequest(post('q=1'), withToken, once));
  });

  it('does not sign a body of another type', () => {
    const json = signRequest(post('{"a":"b&c"}', 'application/json'), withToken, once);
    const none = signRequest({ method: 'POST', url: post('').url }, withToken, once);

    expect(json).toEqual(none);
  });

  it('signs a parameter named __proto__ like any other', () => {
    const { baseString } = signRequest(get('__proto__=1'), withToken, once);

    expect(baseString).toContain('&__proto__%3D1%26oauth_');
  });

  for (const query of [
    'ids[]=7',
    'ids[0]=1&ids[1]=2',
    'g[10]=a&g[11]=b',
    's[x]=1&s=all',
    's[a.b]=1',
    'a]b=1',
    'oauth_1=x',
    'OAUTH_TOKEN=x',
    'fields=items[sku,extension_attributes[stock_item[qty]]]',
  ]) {
    it(`signs ?${query} as it stands`, () => {
      const request = get(query);

      expect(signRequest(request, withToken, once).url).toBe(request.url);
    });
  }

  const refused: [what: string, request: RequestToSign, reason: RegExp][] = [
    ...(
      [
        ['a=1&a=2', /occurs twice/],
        ['a=1&%61=2', /occurs twice/],
        ['ids[]=1&ids[]=2', /occurs twice/],
        ['a%20b=1', /another name/],
        ['a+b=1', /another name/],
        ['a.b=1', /another name/],
        ['a.b=1&a_b=2', /another name/],
        ['a[b=1', /another name/],
        ['a%00b=1', /NUL/],
        ['5=1', /is a number/],
        ['-5=1', /is a number/],
        ['5[a]=1', /is a number/],
        ['oauth_x=1', /contains "oauth_"/],
        ['my_oauth_token=1', /contains "oauth_"/],
        ['%6Fauth_nonce=1', /contains "oauth_"/],
        ['s=all&s[x]=1', /with and without brackets/],
        ['ids[]=1&ids[0]=2', /comes before/],
        ['x[9]=1&x[10]=2', /comes before/],
        ['a1=&a2=&a10=', /comes before/],
        ['pageSize=1&page[size]=2', /comes before/],
        ['é=1&a=2', /comes before/],
      ] as const
    ).map(([query, reason]): [string, RequestToSign, RegExp] => [query, get(query), reason]),
    ['a form body with brackets', post('a[b]=1'), /array in a form body/],
    ['a form body with a dot in a name', post('a.b=1'), /another name/],
    ['a form body with a space in a name', post('a+b=1'), /another name/],
    ['a form body with a nameless value', post('=1'), /another name/],
    ['a form body with a broken escape', post('a=5%'), /form body holds a %/],
    ['a form body that is not UTF-8', post('a=%E9'), /not UTF-8/],
    ['a form type in capitals', post('a=1', form.toUpperCase()), /small letters/],
    ['one name in query and body', { ...post('a=1'), url: get('a=2').url }, /occurs twice/],
    ['an empty method', { ...get('a=1'), method: '' }, /method/],
    ['half a surrogate pair in the URL', get('a=\ud800'), /url holds half/],
  ];
  for (const [what, request, reason] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => signRequest(request, withToken, once)).toThrow(UnportableRequestError);
      expect(() => signRequest(request, withToken, once)).toThrow(reason);
    });
  }

  for (const timestamp of [0, -1, 1.5, Number.NaN, '', '12a', '1e9']) {
    it(`refuses the timestamp ${JSON.stringify(timestamp)}`, () => {
      expect(() => signRequest(get(''), withToken, { ...once, timestamp })).toThrow(/timestamp/);
    });
  }

  for (const field of ['consumerKey', 'token'] as const) {
    it(`refuses a ${field} that 2.4.8 would encode twice`, () => {
      const odd = { ...withToken, [field]: 'a+b' };

      expect(() => signRequest(get(''), odd, once)).toThrow(`The ${field} may hold only`);
    });
  }

  for (const field of ['consumerSecret', 'tokenSecret', 'verifier'] as const) {
    it(`refuses half a surrogate pair in the ${field} without showing it`, () => {
      const odd = { ...withToken, [field]: 'hush\ud800' };

      expect(() => signRequest(get(''), odd, once)).toThrow(
        `The ${field} holds half a surrogate pair, which has no UTF-8 form.`,
      );
    });
  }
});

describe('src/oauth1', () => {
  it('imports nothing but itself, oauth-sign and the punycode of node:url', () => {
    const folder = path.resolve(import.meta.dirname, '../../src/oauth1');
    const imports = readdirSync(folder).flatMap((file) =>
      [...readFileSync(path.join(folder, file), 'utf8').matchAll(/\bfrom '([^']+)'/g)].map(
        ([, target = '']) => target,
      ),
    );

    const outside = new Set(imports.filter((target) => !target.startsWith('./')));

    expect([...outside].sort()).toEqual(['node:url', 'oauth-sign']);
  });
});
