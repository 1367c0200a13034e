import { describe, expect, it } from '@jest/globals';
import type { Release } from '../../../src/sample-store/releases.js';
import { activatedStore } from '../activated-store.js';
import { sendByTheBook } from '../rfc-signer.js';
import { type Call, problemIn, type Reply } from '../third-party.js';

const releases = ['2.3.7', '2.4.3', '2.4.5', '2.4.7', '2.4.8'] as const;

const form = 'application/x-www-form-urlencoded';
const invalid = 'The signature is invalid. Verify and try again.';

/** Makes a call for a request token as a client does that goes by RFC 5849 alone. */
async function tokenCall(
  release: Release,
  call: Partial<Call>,
  method?: 'HMAC-SHA1' | 'HMAC-SHA256',
): Promise<Reply> {
  const { store, clock, credentials } = await activatedStore({ release });
  const { consumerKey, consumerSecret } = credentials();
  const signer = { consumerKey, consumerSecret };
  const whole = { storeUrl: store.url, target: '/oauth/token/request', ...call };
  return sendByTheBook(whole, signer, clock.now(), method);
}

function verdict(reply: Reply): string {
  if (reply.status === 200) return 'ok';
  if (reply.status === 401) return problemIn(reply) === invalid ? 'bad' : reply.body;
  return String(reply.status);
}

function query(text: string): Partial<Call> {
  return { target: `/oauth/token/request?${text}` };
}

/** The matrix of docs/magento.md, "Base string: three generations": up to 2.4.5, 2.4.7, 2.4.8. */
const matrix: readonly (readonly [what: string, call: Partial<Call>, verdicts: string])[] = [
  ['index.php', { target: '/index.php/oauth/token/request' }, 'ok ok ok'],
  ['a trailing slash', { target: '/oauth/token/request/' }, 'ok ok ok'],
  ['port 8443', { headers: { Host: 'shop.example:8443' } }, 'ok ok ok'],
  ['a JSON body', { headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }, 'ok ok ok'],
  ['raw brackets', query('searchCriteria[a][0]=1'), 'ok ok ok'],
  ['escaped brackets', query('searchCriteria%5Ba%5D%5B0%5D=1'), 'ok ok ok'],
  ['escapes in values', query('a=%20&b=%2B&c=%3D&d=%25&e=caf%C3%A9&f='), 'ok ok ok'],
  ["~!*()' in a value", query("a=~!*()'&b=10:00"), 'ok ok ok'],
  ['+ for a space in an array', query('s[a]=b+c'), 'bad bad bad'],
  ['+ for a space in a name', query('a+b=c'), 'bad bad bad'],
  ['+ for a space in a plain value', query('a=b+c'), 'bad bad ok'],
  ['a raw = in a value', query('a=b=c'), 'bad bad ok'],
  ['a bare name', query('flag'), 'bad bad ok'],
  ['a name twice', query('a=1&a=2'), 'bad bad bad'],
  ['ids[] twice', query('ids[]=1&ids[]=2'), 'bad bad bad'],
  ['ids[0], ids[1]', query('ids[0]=1&ids[1]=2'), 'ok ok ok'],
  ['indexes 1, 9, 10, 11', query('x[1]=0&x[9]=1&x[10]=2&x[11]=3'), 'bad bad bad'],
  ['names a1, a2, a10', query('a1=1&a2=2&a10=3'), 'bad bad ok'],
  ['a name with a dot', query('a.b=1'), 'ok ok bad'],
  ['a name with a space', query('a%20b=1'), 'ok ok bad'],
  ['s=all before s[x]', query('s=all&s[x]=1'), 'ok ok bad'],
  ['pageSize beside page[size]', query('pageSize=1&page[size]=1'), 'ok ok bad'],
  ['a host in capitals', { headers: { Host: 'SHOP.example' } }, 'ok ok bad'],
  [
    'a default port',
    { headers: { Host: 'shop.example:443', 'X-Forwarded-Proto': 'https' } },
    'ok ok bad',
  ],
  ['a name that contains oauth_', query('x_oauth_y=1'), 'bad bad ok'],
  ['a name that is a number', query('5=1'), 'bad bad 500'],
  ['a nested form body', { headers: { 'Content-Type': form }, body: 'a[b]=1' }, '500 bad 500'],
];

describe.each(['2.4.5', '2.4.7', '2.4.8'] as const)('a client by the book at %s', (release) => {
  for (const [what, call, verdicts] of matrix) {
    const expected = verdicts.split(' ')[['2.4.5', '2.4.7', '2.4.8'].indexOf(release)];
    it(`is answered "${expected}" to ${what}`, async () => {
      expect(verdict(await tokenCall(release, call))).toBe(expected);
    });
  }

  /** Where the path is signed like that, the product is looked up, and not found. */
  for (const [sku, verdicts] of [
    ['a%20b', 'ok ok ok'],
    ['50%25off', 'ok ok ok'],
    ['a%28(b)~', 'ok ok ok'],
    ['caf%C3%A9x', 'ok ok ok'],
    ['a%2Fb', 'ok bad ok'],
    ['a%2Bb', 'ok bad ok'],
    ['a%26b', 'ok bad ok'],
    ['caf%c3%a9x', 'ok bad ok'],
    ["!*'", 'ok bad ok'],
  ] as const) {
    const expected = verdicts.split(' ')[['2.4.5', '2.4.7', '2.4.8'].indexOf(release)];
    it(`is answered "${expected}" to a path with ${sku}`, async () => {
      const { store, clock, connect } = await activatedStore({ release });
      const target = `/rest/V1/products/${sku}`;
      const call = { storeUrl: store.url, target, method: 'GET' };

      const reply = await sendByTheBook(call, await connect(), clock.now());

      expect(reply.status).toBe(expected === 'ok' ? 404 : 401);
      expect(reply.body).toContain(
        expected === 'ok' ? "The product that was requested doesn't exist" : invalid,
      );
    });
  }
});

describe('a raw character that belongs escaped', () => {
  it('is an internal error up to 2.4.5', async () => {
    const reply = await tokenCall('2.4.5', query('q={a|b}'));

    expect(reply.status).toBe(500);
    expect(reply.body).toBe('oauth_problem=internal_error%26message%3DInvalid+URI+supplied');
  });

  it('is an internal error of the REST API, too', async () => {
    const { store, clock, connect } = await activatedStore({ release: '2.4.5' });
    const target = '/rest/V1/store/storeConfigs?q={a|b}';
    const call = { storeUrl: store.url, target, method: 'GET' };

    const reply = await sendByTheBook(call, await connect(), clock.now());

    expect(reply.status).toBe(500);
    expect(reply.body).toMatch(/Internal Error\. Details are available in Magento log file/);
  });
});

describe.each(releases)('Magento %s', (release) => {
  it('connects by HMAC-SHA256', async () => {
    const { connect, rest } = await activatedStore({ release });

    const reply = await rest('/rest/V1/store/storeConfigs', await connect());

    expect(reply.status).toBe(200);
  });

  const takesSha1 = ['2.3.7', '2.4.3'].includes(release);
  it(takesSha1 ? 'takes HMAC-SHA1' : 'does not know HMAC-SHA1', async () => {
    const reply = await tokenCall(release, {}, 'HMAC-SHA1');

    expect(reply.status).toBe(takesSha1 ? 200 : 400);
    if (!takesSha1) expect(problemIn(reply)).toBe('Signature method HMAC-SHA1 is not supported');
  });
});

describe('HMAC-SHA1', () => {
  it('is verified where it is taken', async () => {
    const { store, clock, credentials } = await activatedStore({ release: '2.4.3' });
    const signer = { consumerKey: credentials().consumerKey, consumerSecret: 'wrong' };
    const call = { storeUrl: store.url, target: '/oauth/token/request' };

    const reply = await sendByTheBook(call, signer, clock.now(), 'HMAC-SHA1');

    expect(problemIn(reply)).toBe(invalid);
  });
});
