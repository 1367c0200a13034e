import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { diagnose, mistakes } from '../../../src/sample-store/workshop/doctor/diagnose.js';
import type { Evidence } from '../../../src/sample-store/workshop/evidence.js';

/** What a caller sends, and what it signs in the place of that. */
interface Signed {
  /** Sent: */
  readonly method?: string;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  readonly target?: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sent?: Readonly<Record<string, string>>;
  readonly storeUrl?: string;
  readonly consumerSecret?: string;
  readonly tokenSecret?: string;
  /** Signed: */
  readonly signedMethod?: string;
  readonly signedUrl?: string;
  /** Encoded pairs beside those of the header; in the place of all, as they are, where `all` is there. */
  readonly pairs?: readonly string[];
  readonly all?: (sorted: readonly string[], asSent: readonly string[]) => readonly string[];
  readonly join?: (method: string, url: string, pairs: string) => string;
  readonly key?: (consumerSecret: string, tokenSecret: string) => string;
  readonly hash?: string;
  readonly write?: (mac: Buffer, key: string) => string;
  /** How the signature stands in the header. */
  readonly inHeader?: (signature: string) => string;
}

const parameters = {
  oauth_consumer_key: 'k1k2k3k4k5k6k7k8k9k0k1k2k3k4k5k6',
  oauth_nonce: 'n1n2n3n4n5n6n7n8',
  oauth_signature_method: 'HMAC-SHA256',
  oauth_timestamp: '1772366400',
  oauth_token: 't1t2t3t4t5t6t7t8t9t0t1t2t3t4t5t6',
  oauth_verifier: 'v1v2v3v4v5v6v7v8v9v0v1v2v3v4v5v6',
  oauth_version: '1.0',
};

const enc = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const without = (name: string) => (pairs: readonly string[]) =>
  pairs.filter((pair) => !pair.startsWith(`${name}=`));

function evidenceOf(call: Signed): Evidence {
  const { consumerSecret = 'c-secret', tokenSecret = 't-secret' } = call;
  const { method = 'POST', scheme = 'http', host = 'shop.example:8080' } = call;
  const { target = '/oauth/token/access', sent = parameters } = call;
  const url = call.signedUrl ?? `${scheme}://${host}${target.split('?')[0]}`;
  const header = Object.entries(sent).filter(([name]) => name !== 'realm');
  const pairs = [...header.map(([name, value]) => `${name}=${enc(value)}`), ...(call.pairs ?? [])];
  const ordered = call.all ? call.all(pairs.toSorted(), pairs) : pairs.toSorted();
  const join = call.join ?? ((...parts) => parts.map(enc).join('&'));
  const base = join(call.signedMethod ?? method, url, ordered.join('&')).replace(
    /^[^&]+/,
    call.signedMethod ?? method,
  );
  const key = (call.key ?? ((a, b) => `${enc(a)}&${enc(b)}`))(consumerSecret, tokenSecret);
  const mac = createHmac(call.hash ?? 'sha256', key)
    .update(base)
    .digest();
  const signature = (call.write ?? ((bytes) => bytes.toString('base64')))(mac, key);
  const values = Object.entries(sent).map(([name, value]) => `${name}="${enc(value)}"`);
  const authorization = `OAuth ${values.join(', ')}, oauth_signature="${(call.inHeader ?? enc)(signature)}"`;
  return {
    request: {
      ...{ method, scheme, host, target, authorization },
      contentType: call.contentType ?? '',
      headers: { ...call.headers },
      body: call.body ?? '',
    },
    generation: 'magento',
    consumerSecret,
    tokenSecret,
    now: new Date('2026-03-01T12:00:00Z'),
    storeUrl: call.storeUrl ?? 'http://shop.example:8080/',
  };
}

const { oauth_token: _, ...noToken } = parameters;
const query = '/rest/V1/products?name=a%20b&sku=x%2Fy';
const queryPairs = ['name=a%20b', 'sku=x%2Fy'];
const form = 'application/x-www-form-urlencoded';

/** A signature whose base64 has a plus: not every one has. */
const withPlus = (() => {
  for (let n = 1; ; n += 1) {
    const call = { sent: { ...parameters, oauth_nonce: `nonce${n}` } };
    if (/oauth_signature="[^"]*%2B/.test(evidenceOf(call).request.authorization)) return call;
  }
})();

const cases: Readonly<Record<string, readonly Signed[]>> = {
  'key-without-ampersand': [{ key: (a, b) => a + b }],
  'secrets-swapped': [{ key: (a, b) => `${b}&${a}` }],
  'token-secret-left-out': [{ key: (a) => `${a}&` }],
  'consumer-secret-left-out': [{ key: (_a, b) => `&${b}` }],
  'verifier-as-token-secret': [{ key: (a) => `${a}&${parameters.oauth_verifier}` }],
  'key-as-secret': [
    { key: (_a, b) => `${parameters.oauth_consumer_key}&${b}` },
    { key: (a) => `${a}&${parameters.oauth_token}` },
    { key: () => `${parameters.oauth_consumer_key}&${parameters.oauth_token}` },
  ],
  'secrets-unencoded': [{ consumerSecret: 'a/b c', key: (a, b) => `${a}&${b}` }],
  'key-encoded-as-a-whole': [{ key: (a, b) => enc(`${a}&${b}`) }],
  'space-around-a-secret': [
    { key: (a, b) => `${enc(`${a}\n`)}&${b}` },
    { key: (a, b) => `${a}&${enc(`${b} `)}` },
  ],

  'another-hash': [
    { hash: 'sha1' },
    { sent: { ...parameters, oauth_signature_method: 'HMAC-SHA1' }, hash: 'sha256' },
  ],
  hexadecimal: [{ write: (mac) => mac.toString('hex') }],
  'base64-of-hexadecimal': [
    { write: (mac) => Buffer.from(mac.toString('hex')).toString('base64') },
  ],
  'base64-of-another-kind': [{ write: (mac) => mac.toString('base64').replace('=', '') }],
  'signature-encoded-twice': [{ inHeader: (signature) => enc(enc(signature)) }],
  'plus-lost-from-the-signature': [
    { ...withPlus, inHeader: (signature) => enc(signature).replaceAll('%2B', '%20') },
  ],
  plaintext: [{ write: (_mac, key) => key }],

  'another-method': [{ signedMethod: 'GET' }, { signedMethod: 'post' }],
  'another-scheme': [
    { signedUrl: 'https://shop.example:8080/oauth/token/access' },
    { scheme: 'https', signedUrl: 'http://shop.example:8080/oauth/token/access' },
  ],
  'default-port': [
    { host: 'shop.example', signedUrl: 'http://shop.example:80/oauth/token/access' },
    { host: 'shop.example:443', signedUrl: 'http://shop.example/oauth/token/access' },
  ],
  'port-left-out': [{ signedUrl: 'http://shop.example/oauth/token/access' }],
  'host-in-capitals': [
    { signedUrl: 'http://SHOP.EXAMPLE:8080/oauth/token/access' },
    { host: 'Shop.example:8080', signedUrl: 'http://shop.example:8080/oauth/token/access' },
  ],
  'another-host': [
    { host: 'inner', signedUrl: 'http://shop.example:8080/oauth/token/access' },
    { host: 'localhost:4000', signedUrl: 'http://127.0.0.1:4000/oauth/token/access' },
    {
      host: 'inner',
      headers: { 'x-forwarded-host': 'outer.example' },
      signedUrl: 'http://outer.example/oauth/token/access',
    },
  ],
  'trailing-slash': [
    { signedUrl: 'http://shop.example:8080/oauth/token/access/' },
    {
      target: '/oauth/token/access/',
      signedUrl: 'http://shop.example:8080/oauth/token/access',
    },
  ],
  'another-base-path': [
    {
      target: '/index.php/oauth/token/access',
      signedUrl: 'http://shop.example:8080/oauth/token/access',
    },
    { signedUrl: 'http://shop.example:8080/default/oauth/token/access' },
    {
      storeUrl: 'http://shop.example:8080/shop/',
      signedUrl: 'http://shop.example:8080/shop/oauth/token/access',
    },
  ],
  // What 2.4.7 wants, at a store of 2.4.8.
  'another-generation': [
    {
      method: 'GET',
      target: '/rest/V1/products/a%2Fb',
      signedUrl: 'http://shop.example:8080/rest/V1/products/a/b',
    },
    {
      method: 'GET',
      target: '/rest/V1/products/a%2Fb%20c',
      signedUrl: 'http://shop.example:8080/rest/V1/products/a/b%20c',
    },
  ],
  'path-decoded': [
    {
      method: 'GET',
      target: '/rest/V1/products/a%2Fb%20c',
      signedUrl: 'http://shop.example:8080/rest/V1/products/a/b c',
    },
  ],
  'path-encoded-twice': [
    {
      method: 'GET',
      target: '/rest/V1/products/a%20c',
      signedUrl: 'http://shop.example:8080/rest/V1/products/a%2520c',
    },
  ],
  'query-in-the-address': [
    { target: query, signedUrl: `http://shop.example:8080${query}` },
    { target: query, signedUrl: `http://shop.example:8080${query}`, pairs: queryPairs },
  ],

  'query-left-out': [{ target: query }],
  'body-left-out': [{ contentType: form, body: 'a=1&b=2' }],
  'body-included': [
    {
      contentType: 'application/json',
      body: '{"a":"\u00c3\u00a9","b":2}',
      pairs: ['a=%C3%A9', 'b=2'],
    },
  ],
  'version-left-out': [{ all: without('oauth_version') }],
  'version-not-sent': [
    {
      sent: Object.fromEntries(Object.entries(parameters).slice(0, -1)),
      pairs: ['oauth_version=1.0'],
    },
  ],
  'verifier-left-out': [{ all: without('oauth_verifier') }],
  'token-left-out': [{ all: without('oauth_token') }],
  'parameter-left-out': [
    { all: without('oauth_nonce') },
    { target: query, pairs: queryPairs, all: without('sku') },
  ],
  'parameter-not-sent': [
    { sent: noToken, tokenSecret: '', pairs: ['oauth_token='] },
    { pairs: ['oauth_callback=oob'] },
  ],
  'realm-included': [
    { sent: { realm: 'http://shop', ...parameters }, pairs: [`realm=${enc('http://shop')}`] },
  ],
  'signature-included': [{ pairs: ['oauth_signature='] }],
  'stray-spaces': [
    {
      target: '/rest/V1/products?%20name=a',
      pairs: ['name=a'],
    },
    {
      sent: { ...parameters, oauth_verifier: `${parameters.oauth_verifier} ` },
      all: (pairs) => pairs.map((pair) => pair.replace(/%20$/, '')),
    },
  ],
  // On its own, a name without brackets, 2.4.8 reads `+` as a space after all.
  'plus-for-space-in-the-query': [
    { target: '/rest/V1/products?f%5Ba%5D=a+b', pairs: ['f%5Ba%5D=a%20b'] },
  ],
  'timestamp-of-another-unit': [
    {
      sent: { ...parameters, oauth_timestamp: '1772366400123' },
      all: (pairs) => pairs.map((pair) => pair.replace('1772366400123', '1772366400')),
    },
  ],
  order: [
    {
      sent: Object.fromEntries(Object.entries(parameters).toReversed()),
      all: (_sorted, asSent) => asSent,
    },
    {
      target: '/rest/V1/products?a1=1&a10=1&a2=1',
      pairs: ['a1=1', 'a2=1', 'a10=1'],
      all: (_sorted, asSent) => [...asSent.slice(-3), ...asSent.slice(0, -3)],
    },
    {
      target: '/rest/V1/products?B=1&a=2',
      pairs: ['a=2', 'B=1'],
      all: (_sorted, asSent) => [...asSent.slice(-2), ...asSent.slice(0, -2)],
    },
    { target: query, pairs: queryPairs, all: (_sorted, asSent) => asSent },
  ],

  'space-as-plus': [{ target: query, pairs: ['name=a+b', 'sku=x%2Fy'] }],
  'encoded-twice': [{ target: query, pairs: ['name=a%2520b', 'sku=x%252Fy'] }],
  unencoded: [{ target: query, pairs: ['name=a b', 'sku=x/y'] }],
  'some-characters-unencoded': [
    { target: "/rest/V1/products?name=(a)'!*%20b", pairs: ["name=(a)'!*%20b"] },
    { target: '/rest/V1/products?f%5Ba%5D=1%20b', pairs: ['f[a]=1%20b'] },
    { target: query, pairs: ['name=a%20b', 'sku=x/y'] },
  ],
  'tilde-encoded': [{ target: '/rest/V1/products?name=~a', pairs: ['name=%7Ea'] }],
  'small-hexadecimal': [{ target: query, pairs: ['name=a%20b', 'sku=x%2fy'] }],
  'parts-unencoded': [
    { join: (method, url, pairs) => `${method}&${url}&${pairs}` },
    { join: (method, url, pairs) => `${method}&${enc(url)}&${pairs}` },
    { join: (method, url, pairs) => `${method}&${url}&${enc(pairs)}` },
  ],
};

describe('the signature doctor', () => {
  for (const [name, calls] of Object.entries(cases)) {
    for (const [index, call] of calls.entries()) {
      it(`finds "${name}"${index > 0 ? `, way ${index + 1}` : ''}`, () => {
        const diagnosis = diagnose(evidenceOf(call));

        expect(diagnosis).toMatchObject({ verdict: 'explained', findings: [{ name }] });
        expect(diagnosis.findings).toHaveLength(1);
      });
    }
  }

  it('finds two mistakes that were made together', () => {
    const diagnosis = diagnose(
      evidenceOf({
        target: query,
        signedUrl: 'https://shop.example:8080/rest/V1/products',
        pairs: ['name=a+b', 'sku=x%2Fy'],
      }),
    );

    expect(diagnosis).toMatchObject({
      verdict: 'explained',
      findings: [{ name: 'another-scheme' }, { name: 'space-as-plus' }],
      theirs: expect.stringMatching(/^POST&https%3A.*name%3Da%2Bb/),
    });
  });

  it('says so when the standard would have it like that, and this release does not', () => {
    const target = '/rest/V1/products?a.b=1';

    expect(diagnose(evidenceOf({ target, pairs: ['a.b=1'] }))).toMatchObject({
      verdict: 'explained',
      findings: [{ name: 'as-the-standard-says' }],
    });
  });

  it('looks for a wrong key with the base string of the store, where the standard has another', () => {
    const call = { target: '/rest/V1/products?a.b=1', key: (a: string, b: string) => a + b };
    const theirs = diagnose(evidenceOf({ target: call.target, pairs: ['a.b=1', 'a_b=1'] }));

    expect(theirs.verdict).toBe('matches');
    expect(diagnose(evidenceOf({ ...call, pairs: ['a.b=1', 'a_b=1'] }))).toMatchObject({
      verdict: 'explained',
      findings: [{ name: 'key-without-ampersand' }],
      theirs: theirs.ours,
    });
  });

  it('finds nothing wrong with a right signature', () => {
    const diagnosis = diagnose(evidenceOf({ target: query, pairs: queryPairs }));

    expect(diagnosis).toMatchObject({ verdict: 'matches', findings: [] });
    expect(diagnosis.ours).toBe(diagnosis.theirs);
  });

  it('does not pretend to know a signature made with another secret', () => {
    expect(diagnose(evidenceOf({ key: () => 'something&else' }))).toMatchObject({
      verdict: 'unexplained',
      findings: [],
      ours: expect.stringMatching(/^POST&http%3A/),
    });
  });

  it('gives up on a call of thousands of parameters, which would keep the store for minutes', () => {
    const body = Array.from({ length: 9000 }, (_, index) => `a${index}=1`).join('&');
    const contentType = 'application/x-www-form-urlencoded';

    const diagnosis = diagnose(evidenceOf({ contentType, body, key: () => 'something&else' }));

    expect(diagnosis.verdict).toBe('unexplained');
  });

  it('compares nothing when the secrets are not known', () => {
    expect(diagnose({ ...evidenceOf({}), tokenSecret: undefined }).verdict).toBe('unknown');
    expect(diagnose({ ...evidenceOf({}), consumerSecret: undefined }).verdict).toBe('unknown');
  });

  for (const authorization of ['', 'Bearer abc', 'OAuth oauth_nonce="1"']) {
    it(`finds no signature in "${authorization}"`, () => {
      const evidence = evidenceOf({});
      const request = { ...evidence.request, authorization };

      expect(diagnose({ ...evidence, request }).verdict).toBe('unsigned');
    });
  }

  it('has a case for each of its mistakes', () => {
    expect(new Set(Object.keys(cases))).toEqual(new Set(mistakes.map(({ name }) => name)));
  });
});
