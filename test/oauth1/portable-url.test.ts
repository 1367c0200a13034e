import { describe, expect, it } from '@jest/globals';
import { portableUrl } from '../../src/oauth1/portable-url.js';
import { UnportableRequestError } from '../../src/oauth1/unportable-request-error.js';

const shop = 'https://shop.example';

describe('portableUrl leaves byte for byte', () => {
  for (const url of [
    `${shop}/`,
    `${shop}:8443/index.php/rest/all/V1/products/24-MB.01_x`,
    'http://shop.example:443/rest/V1/orders',
    'http://127.0.0.1:8080/shop//rest/V1/',
    'http://[::1]:8080/rest/V1',
    `${shop}/a(b)/50%25off/5%22/caf%C3%A9/AB%2012/%28/x:@&=+$,;y`,
    `${shop}/p?searchCriteria[filter_groups][0][filters][0][value]=%25a%25`,
    `${shop}/p?searchCriteria%5bpageSize%5d=20`,
    `${shop}/p?q=!*'();:@$,/?[x]&p=~%7E&plus=a%2Bb&empty=`,
    `${shop}/p?`,
    `${shop}/p?&a=1&&b=2&`,
    `${shop}/p?a%2Bb=1`,
  ]) {
    it(url, () => {
      expect(portableUrl(url)).toBe(url);
    });
  }
});

const respelled: Record<string, Record<string, string>> = {
  'the origin': {
    'HTTPS://Shop.EXAMPLE/a': `${shop}/a`,
    [`${shop}:443/a`]: `${shop}/a`,
    'http://shop.example:80/a': 'http://shop.example/a',
    [`${shop}:/a`]: `${shop}/a`,
    [`${shop}:08443/a`]: `${shop}:8443/a`,
    'https://bücher.example/a': 'https://xn--bcher-kva.example/a',
    'http://[0:0::1]/a': 'http://[::1]/a',
    'http://0x7f.1/a': 'http://127.0.0.1/a',
    [shop]: `${shop}/`,
    [`${shop}?a=1`]: `${shop}/?a=1`,
    [`${shop}/a?b=1#c`]: `${shop}/a?b=1`,
  },
  'the path': {
    [`${shop}/caf%c3%a9`]: `${shop}/caf%C3%A9`,
    [`${shop}/%7E%41%2Db`]: `${shop}/~A-b`,
    [`${shop}/a!*'b`]: `${shop}/a%21%2A%27b`,
    [`${shop}/a[b]`]: `${shop}/a%5Bb%5D`,
    [`${shop}/%40%3A%3B%2C%24%26%3D`]: `${shop}/@:;,$&=`,
    [`${shop}/é b"<>\\^\`{|}`]: `${shop}/%C3%A9%20b%22%3C%3E%5C%5E%60%7B%7C%7D`,
    [`${shop}/%2E%2E%2E`]: `${shop}/...`,
  },
  'the query': {
    [`${shop}/p?q=red+shirt`]: `${shop}/p?q=red%20shirt`,
    [`${shop}/p?s[a+b]=1`]: `${shop}/p?s[a%20b]=1`,
    [`${shop}/p?q=a=b==`]: `${shop}/p?q=a%3Db%3D%3D`,
    [`${shop}/p?flag&b=1`]: `${shop}/p?flag=&b=1`,
    [`${shop}/p?q=é 😀"<>\\^\`{|}`]: `${shop}/p?q=%C3%A9%20%F0%9F%98%80%22%3C%3E%5C%5E%60%7B%7C%7D`,
  },
};
for (const [part, spellings] of Object.entries(respelled)) {
  describe(`portableUrl respells ${part}`, () => {
    for (const [url, portable] of Object.entries(spellings)) {
      it(`${url} as ${portable}`, () => {
        expect(portableUrl(url)).toBe(portable);
      });
    }
  });
}

describe('portableUrl refuses', () => {
  const refused: Record<string, RegExp> = {
    '/rest/V1': /absolute/,
    'ftp://shop.example/': /http:\/\/ or https:\/\//,
    'https://': /host name/,
    'https://user:pass@shop.example/': /user name/,
    'https://my_shop.example/': /host name/,
    'https://shop%2eexample/': /host name/,
    'https://shop.example\\a/': /host name/,
    'https://shop..example/': /host name/,
    'https://shop.example／a/': /host name/,
    'https://::1/': /host name/,
    [`${shop}:99999/`]: /port/,
    [`${shop}:0/`]: /port/,
    [`${shop}:8a/`]: /host name/,
    [` ${shop}/`]: /white space/,
    [`${shop}/ `]: /white space/,
    [`${shop}/a\nb`]: /control character/,
    [`${shop}/a%2fb`]: /%2F/,
    [`${shop}/a%2bb`]: /%2B/,
    [`${shop}/a%2541`]: /%25/,
    [`${shop}/a%25%34%31`]: /%25/,
    [`${shop}/a/../b`]: /segment/,
    [`${shop}/a/.`]: /segment/,
    [`${shop}/%2e%2E/b`]: /segment/,
    [`${shop}/50%`]: /path holds a %/,
    [`${shop}/5%zz`]: /path holds a %/,
    [`${shop}/p?q=5%`]: /query holds a %/,
    [`${shop}/p?q=caf%E9`]: /not UTF-8/,
    [`${shop}/p?q=%ED%A0%80`]: /not UTF-8/,
  };
  for (const [url, reason] of Object.entries(refused)) {
    it(JSON.stringify(url), () => {
      expect(() => portableUrl(url)).toThrow(UnportableRequestError);
      expect(() => portableUrl(url)).toThrow(reason);
    });
  }
});
