import { describe, expect, it } from '@jest/globals';
import { isPublicAddress, parseStoreBaseUrl, refusalOf } from '../../src/magento/store-url.js';

const open = { hosts: [], allowHttp: true, allowPrivate: true };
const strict = { hosts: [], allowHttp: false, allowPrivate: false };

describe('parseStoreBaseUrl', () => {
  const kept: Record<string, string> = {
    'http://Shop.Example:80': 'http://shop.example/',
    'https://shop.example:80/': 'https://shop.example:80/',
    'https://shop.example/Pub/index.php': 'https://shop.example/Pub/index.php/',
    'https://shop.example/a%20b/': 'https://shop.example/a%20b/',
    'https://shop.example/shop///': 'https://shop.example/shop/',
    'http://[::1]:8080/': 'http://[::1]:8080/',
  };
  for (const [text, url] of Object.entries(kept)) {
    it(`reads ${text} as ${url}`, () => {
      expect(parseStoreBaseUrl(text, open)).toBe(url);
    });

    it(`reads ${url} as itself`, () => {
      expect(parseStoreBaseUrl(url, open)).toBe(url);
    });
  }

  const invalid = [
    'https://',
    'https:///shop.example/',
    'https:shop.example',
    '//shop.example/',
    'https://shop.example/a b',
    'https://@shop.example/',
    'https://shop.example/a/./b/',
    'https://shop.example/ü/',
    'https://shop.example/\u202e',
    'https://shop exa/',
    'https://shop.example`.other.example/',
    'https://**shop**.example/',
    'https://{{host}}.example/',
    'https://$t(menu.activate).example/',
    'https://shop;.example/',
    "https://shop'.example/",
    'https://[::1/',
    'https:\\\\shop.example',
    'https:/\\shop.example',
    'https:\\/shop.example/',
    'https://shop.example\\@other.example/',
    'https://a@shop.example/',
    'https://a:b@shop.example/',
    'https://shop.example@other.example/',
    'https://shop.example/%2e%2e/',
    'https://shop.example/a/../b/',
    'ht\ntps://shop.example/',
    'https://shop\t.example/',
    ' https://shop.example/',
    'https://shop.example/\u0000',
    'https://shop.example/?a=b',
    'https://shop.example/#a',
    'https://shop.example:65536/',
    'https://shop.example:x/',
    'gopher://shop.example:6379/_FLUSHALL',
    'ws://shop.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
  ];
  for (const text of invalid) {
    it(`takes ${JSON.stringify(text)} for no base URL, and does not repeat it`, () => {
      expect(() => parseStoreBaseUrl(text, open)).toThrow(
        expect.objectContaining({
          code: 'invalid_activation',
          message: expect.not.stringContaining(text) as unknown,
        }),
      );
    });
  }
});

describe('refusalOf', () => {
  const cases: readonly (readonly [url: string, policy: object, refusal: RegExp | undefined])[] = [
    ['https://shop.example/', {}, undefined],
    ['http://shop.example/', {}, /http stores/],
    ['http://shop.example/', { allowHttp: true }, undefined],
    ['https://localhost./', {}, /private/],
    ['https://a.localhost/', {}, /private/],
    ['https://mylocalhost/', {}, undefined],
    ['https://0/', {}, /private/],
    ['https://0177.0.0.1/', {}, /private/],
    ['https://[::]/', {}, /private/],
    ['https://[fe80::1]/', {}, /private/],
    ['https://[fd00::1]/', {}, /private/],
    ['https://[::ffff:7f00:1]/', {}, /private/],
    ['https://[64:ff9b::7f00:1]/', {}, /private/],
    ['https://[2606:4700::1111]/', {}, undefined],
    ['https://127.0.0.1/', { allowPrivate: true }, undefined],
    ['https://shop.example/', { hosts: ['SHOP.example'] }, undefined],
    ['https://bücher.example/', { hosts: ['bücher.example'] }, undefined],
    ['https://a.b.shop.example/', { hosts: ['*.shop.example'] }, undefined],
    ['https://evilshop.example/', { hosts: ['*.shop.example'] }, /STORE_HOSTS/],
    ['https://shopxexample/', { hosts: ['shop.example'] }, /STORE_HOSTS/],
    ['https://127.0.0.1/', { hosts: ['127.0.0.1'] }, /private/],
  ];
  for (const [url, policy, refusal] of cases) {
    it(`${refusal ? 'refuses' : 'takes'} ${url} under ${JSON.stringify(policy)}`, () => {
      const reason = refusalOf(new URL(url), { ...strict, ...policy });

      if (refusal) expect(reason).toMatch(refusal);
      else expect(reason).toBeUndefined();
    });
  }
});

describe('isPublicAddress', () => {
  const addresses: Record<string, boolean> = {
    '8.8.8.8': true,
    '2606:4700::1111': true,
    '0.0.0.0': false,
    '10.1.2.3': false,
    '100.64.0.1': false,
    '127.255.255.254': false,
    '169.254.169.254': false,
    '172.16.0.1': false,
    '172.31.255.255': false,
    '172.32.0.1': true,
    '192.168.0.1': false,
    '192.0.2.1': false,
    '198.18.0.1': false,
    '224.0.0.1': false,
    '240.0.0.1': false,
    '255.255.255.255': false,
    '168.63.129.16': false,
    '::ffff:168.63.129.16': false,
    '::': false,
    '::1': false,
    '::ffff:10.0.0.1': false,
    'fe80::1': false,
    'fe80::1%eth0': false,
    'fc00::1': false,
    'fd00:ec2::254': false,
    'ff02::1': false,
    '2001:db8::1': false,
    '2002:7f00:1::': false,
    '64:ff9b::a00:1': false,
  };
  for (const [address, isPublic] of Object.entries(addresses)) {
    it(`calls ${address} ${isPublic ? 'public' : 'private'}`, () => {
      expect(isPublicAddress(address)).toBe(isPublic);
    });
  }
});
