import { afterAll, describe, expect, it } from '@jest/globals';
import { storeHttp, type LookUp, type StoreHttp } from '../../src/magento/store-http.js';
import { isPublicAddress, parseStoreBaseUrl } from '../../src/magento/store-url.js';
import { startCanary } from '../support/canary.js';

const canary = await startCanary();
const strict = { hosts: [], allowHttp: true, allowPrivate: false };
const doors: StoreHttp[] = [];

afterAll(async () => {
  await Promise.all(doors.map((door) => door.close()));
});

/** A door for which names lead where a test says, and the names it has asked about. */
function door(lookUp: LookUp = () => Promise.resolve([])) {
  const asked: string[] = [];
  const http = storeHttp(strict, {
    lookUp(hostname) {
      asked.push(hostname);
      return lookUp(hostname);
    },
  });
  doors.push(http);
  const get = (url: string) => http.send({ method: 'GET', url, headers: {} });
  return { get, asked };
}

/** Public by its number, in a part of IPv6 that nobody has: nothing answers there. */
const unused = (end: string) => `3000::${end}`;

/** Hosts as they may stand in an address, for every range that is not the internet's. */
const forbidden = {
  'this machine': [
    '127.0.0.1',
    '127.0.0.1.',
    '127.1',
    '127.255.255.254',
    '0x7f000001',
    '0x7f.1',
    '0X7F.0x0.0x0.0x1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '0.0.0.0',
    '0',
    '0.1.2.3',
    'localhost',
    'LocalHost.',
    'any.localhost',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
  ],
  'IPv4 inside IPv6': [
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[::7f00:1]',
    '[::8.8.8.8]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[64:ff9b::808:808]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2002:a9fe:a9fe::1]',
    '[2001:0:7f00:1::]',
  ],
  'a cloud that tells secrets': [
    '169.254.169.254',
    '0xa9fea9fe',
    '[::ffff:169.254.169.254]',
    '169.254.170.2',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '[::ffff:168.63.129.16]',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[fe80::a9fe:a9fe]',
  ],
  'private networks': [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '169.254.0.1',
    '[fc00::1]',
    '[fdff::1]',
    '[fe80::1]',
    '[fec0::1]',
  ],
  'no single machine': [
    '224.0.0.1',
    '239.255.255.250',
    '255.255.255.255',
    '[ff02::1]',
    '[ff0e::1]',
  ],
  'a range set aside': [
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '198.18.0.1',
    '192.88.99.1',
    '240.0.0.1',
    '[2001:db8::1]',
    '[3fff::1]',
    '[3fff:fff::1]',
    '[5f00::1]',
    '[100::1]',
    '[100:0:0:1::1]',
    '[2001:2::1]',
    '[2001:20::1]',
    '[4000::1]',
  ],
};

for (const [what, hosts] of Object.entries(forbidden)) {
  describe(`an address that means ${what}`, () => {
    for (const host of hosts) {
      it(`is refused as ${host}, when it is announced and when it is called`, async () => {
        const url = `http://${host}:${canary.port}/`;
        const { get, asked } = door();

        expect(() => parseStoreBaseUrl(url, strict)).toThrow(
          expect.objectContaining({ code: 'store_not_allowed' }),
        );
        await expect(get(url)).rejects.toMatchObject({ code: 'store_address_forbidden' });

        expect(asked).toEqual([]);
        expect(canary.hits()).toBe(0);
      });
    }
  });
}

describe('an address that says two things', () => {
  const urls = [
    `http://shop.example@127.0.0.1:${canary.port}/`,
    `http://shop.example:80@127.0.0.1:${canary.port}/`,
    `http://127.0.0.1:${canary.port}\\@shop.example/`,
    `http://127.0.0.1:${canary.port}#@shop.example/`,
    `http://127.0.0.1:${canary.port}?@shop.example/`,
  ];
  for (const url of urls) {
    it(`such as ${url} is no base URL, and leads nowhere`, async () => {
      const { get } = door();

      expect(() => parseStoreBaseUrl(url, strict)).toThrow(
        expect.objectContaining({ code: 'invalid_activation' }),
      );
      await expect(get(url)).rejects.toMatchObject({ code: 'store_address_forbidden' });

      expect(canary.hits()).toBe(0);
    });
  }
});

describe('isPublicAddress', () => {
  const literals = Object.values(forbidden)
    .flat()
    .map((host) => new URL(`http://${host}/`).hostname.replace(/^\[(.*)\]$/, '$1'))
    .filter((host) => /^[\d.]+$|:/.test(host));

  it('takes two addresses of the internet, and none of the others', () => {
    const taken = [...literals, '8.8.8.8', '2606:4700::1111'].filter(isPublicAddress);

    expect(literals.length).toBeGreaterThan(70);
    expect(taken).toEqual(['8.8.8.8', '2606:4700::1111']);
  });
});

describe('a name', () => {
  const answers: Record<string, readonly string[]> = {
    'this machine': ['127.0.0.1'],
    'this machine in IPv6': ['::1'],
    'this machine as IPv4 in IPv6': ['::ffff:127.0.0.1'],
    'a cloud that tells secrets': ['169.254.169.254'],
    'a public address and this machine': [unused('1'), '127.0.0.1'],
    'this machine and a public address': ['127.0.0.1', unused('1')],
    'a private one behind more public ones than are tried': [
      ...['1', '2', '3', '4', '5'].map(unused),
      '127.0.0.1',
    ],
  };
  for (const [what, addresses] of Object.entries(answers)) {
    it(`that leads to ${what} is refused, and nothing is dialled`, async () => {
      const { get } = door(() => Promise.resolve(addresses));

      await expect(get(`http://shop.example:${canary.port}/`)).rejects.toMatchObject({
        code: 'store_address_forbidden',
        message: "the store's host leads to a private address",
      });

      expect(canary.hits()).toBe(0);
    });
  }

  it('without an address leads nowhere', async () => {
    const { get } = door(() => Promise.resolve([]));

    await expect(get(`http://shop.example:${canary.port}/`)).rejects.toMatchObject({
      code: 'store_unreachable',
    });

    expect(canary.hits()).toBe(0);
  });

  it('that leads elsewhere at each look-up is connected to where it was looked up and checked', async () => {
    let lookUps = 0;
    const { get, asked } = door(() => {
      lookUps += 1;
      return Promise.resolve([lookUps % 2 === 1 ? unused('1') : '127.0.0.1']);
    });
    const calls = Array.from({ length: 20 }, () =>
      get(`http://shop.example:${canary.port}/`).catch((error: unknown) => error),
    );

    const failures = await Promise.all(calls);

    expect(asked).toEqual(calls.map(() => 'shop.example'));
    for (const failure of failures) expect(failure).toBeInstanceOf(Error);
    expect(canary.hits()).toBe(0);
  });
});
