import { describe, expect, it } from '@jest/globals';
import { isAtHost, storeHost } from '../../src/invitations/store-host.js';

describe('storeHost', () => {
  const taken: Record<string, string> = {
    ' Shop.Example ': 'shop.example',
    'shop.example:8443': 'shop.example:8443',
    'bücher.example': 'xn--bcher-kva.example',
    '例え.テスト:8080': 'xn--r8jz45g.xn--zckzah:8080',
    'xn--bcher-kva.example': 'xn--bcher-kva.example',
    localhost: 'localhost',
    '192.0.2.1:8080': '192.0.2.1:8080',
    '[2001:DB8:0::1]:8080': '[2001:db8::1]:8080',
  };
  for (const [text, host] of Object.entries(taken)) {
    it(`takes ${text} as ${host}, and that as it stands`, () => {
      expect(storeHost.parse(text)).toBe(host);
      expect(storeHost.parse(host)).toBe(host);
    });
  }

  const refused = [
    ...['', ' ', '.', '-', ':', ':80', 'https://shop.example', 'shop.example/', 'shop.example/de'],
    ...['shop.example.', '.shop.example', 'shop..example', '-shop.example', 'shop-.example'],
    ...[
      '*.shop.example',
      'shop.example:',
      'shop.example:0',
      'shop.example:65536',
      'shop.example:080',
    ],
    ...['shop.example:8a', 'a@shop.example', 'shop.example?a', 'shop.example#a', 'shop example'],
    ...[
      'shop.example\n',
      'shop.example\\a',
      'shop%2eexample',
      'shop_1.example',
      '127.1',
      '0x7f000001',
    ],
    ...['2130706433', '[::1', '::1', '[::g]', '[127.0.0.1]', `${'a'.repeat(64)}.example`],
    ...[
      `${'a.'.repeat(130)}example`,
      'x'.repeat(10_000),
      'ⓐ.example/',
      'shop.example,evil.example',
    ],
  ].filter((text) => text.trim() !== 'shop.example');
  for (const text of refused) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(storeHost.safeParse(text).success).toBe(false);
    });
  }
});

describe('isAtHost', () => {
  const rows: readonly (readonly [url: string, host: string, isThere: boolean])[] = [
    ['https://shop.example/', 'shop.example', true],
    ['https://shop.example/de/index.php/', 'shop.example', true],
    ['http://shop.example/', 'shop.example', true],
    ['https://shop.example/', 'shop.example:443', true],
    ['http://shop.example/', 'shop.example:80', true],
    ['https://shop.example:8443/', 'shop.example:8443', true],
    ['https://shop.example:8443/', 'shop.example', false],
    ['https://shop.example/', 'shop.example:80', false],
    ['https://www.shop.example/', 'shop.example', false],
    ['https://shop.example.evil.example/', 'shop.example', false],
    ['https://shop.example./', 'shop.example', false],
    ['https://evilshop.example/', 'shop.example', false],
    ['https://evil.example/shop.example/', 'shop.example', false],
    ['https://bücher.example/', 'xn--bcher-kva.example', true],
    ['https://[2001:db8:0::1]/', '[2001:db8::1]', true],
  ];
  for (const [url, host, isThere] of rows) {
    it(`says that ${url} is ${isThere ? '' : 'not '}at ${host}`, () => {
      expect(isAtHost(url, host)).toBe(isThere);
    });
  }
});
