import type { RequestToSign } from '../../src/oauth1/request-to-sign.js';

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const origins = [
  'https://shop.example',
  'https://shop.example',
  'http://Shop.EXAMPLE:8080',
  'https://shop.example:443',
  'https://shop.example:80',
  'http://shop.example:080',
  'http://shop.example:00081',
  'http://shop.example:',
  'HTTP://10.0.0.1:80',
  'https://[::1]:8443',
  'https://bücher.example',
  'https://shop.example.',
  'https://my_shop.example',
];
const segments =
  'rest V1 products 24-MB.01 a(b) a%20b caf%C3%A9 café %c3%a9 %E9 50%25off 50%2541 %25%34%31 %2541 %7E %41 a%2Fb a%2Bb a+b %3A %40 : @ $ , ; = & ! * %21 %2A ~ [x] %5bx%5d %5B . .. %2E %2e%2e ... a..b %22 " | \\ ^ %28 %'.split(
    ' ',
  );
const names =
  'q p a b A B a1 a2 a10 a01 p2 p10 é %C3%A9 %c3%a9 ~a s s[x] s[y] s[0] s[1] s[10] s[a][b] s[] ids ids[] ids[0] a[b a]b a[b]c a][b] [a] a.b a%2Eb s[a.b] a%20b a+b s[a+b] a%2Bb s[a%20b] %20a 5 05 1e5 -5 5[a] pageSize page[size] page[Size] oauth_x oauth_1 s[oauth_x] OAUTH_x __proto__ constructor zz'.split(
    ' ',
  );
const values =
  'v 5 %20 a+b a%2Bb a=b a%3Db %25 %25like%25 caf%C3%A9 café € 😀 !*() ;:@$ /? %00 %0A a%26b "x" {a|b} <> ^` \\ [1,2] oauth_token %7E %c3%a9 x%20y 2024-10-25%2000:00:00 http://x/y'.split(
    ' ',
  );
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'patch'];

/** A request made of things that have broken a signature somewhere, most of them in moderation. */
export function awkwardRequest(random: () => number): RequestToSign {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const several = (most: number, make: () => string) =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, make);
  const pair = () => {
    const kind = random();
    if (kind < 0.03) return '';
    return kind < 0.08 ? pick(names) : `${pick(names)}=${random() < 0.1 ? '' : pick(values)}`;
  };

  const path = several(3, () => `/${pick(segments)}`).join('') + pick(['', '', '/', '//']);
  const query = random() < 0.7 ? `?${several(4, pair).join('&')}` : '';
  const fragment = random() < 0.03 ? '#x' : '';
  const request = { method: pick(methods), url: pick(origins) + path + query + fragment };
  if (random() < 0.8) return request;
  return {
    ...request,
    body: several(3, pair).join('&'),
    contentType: pick([
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=utf-8',
      'application/json',
    ]),
  };
}
