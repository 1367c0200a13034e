import { describe, expect, it } from '@jest/globals';
import { releases } from '../../../src/sample-store/releases.js';
import { startStore } from '../../support/start-store.js';
import { send } from '../third-party.js';
import { admin, catalogAdmin, customer, refused, visitor, wrongSignIn } from './people.js';

const me = '/rest/V1/customers/me';
const product = '/rest/V1/products/24-MB01';
const storeConfigs = '/rest/V1/store/storeConfigs';
const hour = 3600;

const opaque = /^[0-9a-z]{32}$/;
const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const byRelease = [
  ['2.3.7', opaque, 4 * hour],
  ['2.4.2', opaque, 4 * hour],
  ['2.4.3', opaque, 4 * hour],
  ['2.4.5', jwt, hour],
  ['2.4.7', jwt, hour],
  ['2.4.8', jwt, hour],
] as const;

describe('a token', () => {
  it('has been tested on all releases', () => {
    expect(byRelease.map(([release]) => release)).toEqual(releases);
  });

  for (const [release, shape, adminLifetime] of byRelease) {
    for (const [kind, who, target, lifetime] of [
      ['admin', admin, storeConfigs, adminLifetime],
      ['customer', customer, me, hour],
    ] as const) {
      it(`of ${release} lets the ${kind} in for ${lifetime} seconds`, async () => {
        const { clock, tokenOf, askAs } = await visitor({ release });
        const token = await tokenOf(kind, who);

        clock.forward(lifetime - 1);
        const inTime = await askAs(token, target);
        clock.forward(1);
        const late = await askAs(token, target);

        expect(token).toMatch(shape);
        expect(inTime.status).toBe(200);
        expect(late).toEqual(refused(kind === 'admin' ? 'Magento_Backend::store' : 'self'));
      });
    }
  }

  it('is a JSON string in quotes', async () => {
    const { url } = await startStore({ release: '2.4.3' });

    const reply = await send({
      storeUrl: url,
      target: '/rest/V1/integration/customer/token',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(customer),
    });

    expect(reply.body).toMatch(/^"[0-9a-z]{32}"$/);
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('is given for a name in other capitals', async () => {
    const { tokenOf, askAs } = await visitor();

    const token = await tokenOf('customer', {
      ...customer,
      username: customer.username.toUpperCase(),
    });

    expect(await askAs(token, me)).toMatchObject({ status: 200, body: { id: 1 } });
  });

  it('is new each time, and the one before stays good', async () => {
    const { clock, tokenOf, askAs } = await visitor({ release: '2.4.3' });

    const first = await tokenOf('customer', customer);
    clock.forward(1);
    const second = await tokenOf('customer', customer);

    expect(second).not.toBe(first);
    expect(await askAs(first, me)).toMatchObject({ status: 200 });
    expect(await askAs(second, me)).toMatchObject({ status: 200 });
  });
});

describe('a JSON Web Token', () => {
  const partsOf = (token: string) =>
    token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown);
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  for (const [kind, who, owner] of [
    ['admin', admin, { uid: 1, utypid: 2 }],
    ['customer', customer, { uid: 1, utypid: 3 }],
  ] as const) {
    it(`says which ${kind} has it, and until when`, async () => {
      const { clock, tokenOf } = await visitor();
      const iat = clock.now().getTime() / 1000;

      expect(partsOf(await tokenOf(kind, who))).toEqual([
        { kid: '1', alg: 'HS256' },
        { ...owner, iat, exp: iat + hour },
      ]);
    });
  }

  for (const [what, forge] of [
    [
      'another owner',
      (head: string, claims: object, sign: string) =>
        [head, encoded({ ...claims, uid: 2 }), sign].join('.'),
    ],
    [
      'another end',
      (head: string, claims: object, sign: string) =>
        [head, encoded({ ...claims, exp: 9999999999 }), sign].join('.'),
    ],
    ['no signature', (head: string, claims: object) => `${head}.${encoded(claims)}.`],
    [
      'the algorithm none',
      (_head: string, claims: object) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
    ],
    [
      'a fourth part',
      (head: string, claims: object, sign: string) => [head, encoded(claims), sign, 'x'].join('.'),
    ],
    ['no JSON', () => 'a.b.c'],
    ['no dots', () => 'x'],
    ['nothing', () => ''],
  ] as const) {
    it(`with ${what} is a guest's`, async () => {
      const { tokenOf, askAs } = await visitor();
      const [head = '', claims = '', signature = ''] = (await tokenOf('customer', customer)).split(
        '.',
      );
      const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as object;

      expect(await askAs(forge(head, read, signature), me)).toEqual(refused('self'));
    });
  }

  it('of one store says nothing to another', async () => {
    const { tokenOf } = await visitor();
    const { askAs } = await visitor();

    expect(await askAs(await tokenOf('customer', customer), me)).toEqual(refused('self'));
  });
});

describe('what a token opens', () => {
  for (const [who, kind, credentials, opened, closed, missed] of [
    ['an admin with all permissions', 'admin', admin, storeConfigs, me, 'self'],
    ['an admin with some', 'admin', catalogAdmin, product, storeConfigs, 'Magento_Backend::store'],
    ['a customer', 'customer', customer, me, storeConfigs, 'Magento_Backend::store'],
  ] as const) {
    for (const release of ['2.4.3', '2.4.8'] as const) {
      it(`is what ${who} may do, in ${release}`, async () => {
        const { tokenOf, askAs } = await visitor({ release });
        const token = await tokenOf(kind, credentials);

        expect(await askAs(token, opened)).toMatchObject({ status: 200 });
        expect(await askAs(token, closed)).toEqual(refused(missed));
      });
    }
  }

  it('depends on a header of exactly two words', async () => {
    const { tokenOf, ask } = await visitor();
    const token = await tokenOf('customer', customer);
    const statusWith = async (Authorization: string) => (await ask(me, { Authorization })).status;

    expect(await statusWith(`bearer ${token}`)).toBe(200);
    expect(await statusWith(`Bearer  ${token}`)).toBe(401);
    expect(await statusWith(`Bearer ${token} x`)).toBe(401);
    expect(await statusWith(`Bearer ${token}, x`)).toBe(401);
    expect(await statusWith(token)).toBe(401);
  });

  it('does not depend on integrations being allowed to use Bearer', async () => {
    const { tokenOf, askAs } = await visitor({ integrationBearer: true });

    const token = await tokenOf('customer', customer);

    expect(await askAs(token, me)).toMatchObject({ status: 200 });
  });
});

describe('a request for a token', () => {
  const required = (fieldName: string) => ({
    message: '"%fieldName" is required. Enter and try again.',
    parameters: { fieldName },
  });

  for (const kind of ['admin', 'customer'] as const) {
    const target = `/rest/V1/integration/${kind}/token`;

    for (const [what, body, answer] of [
      ['without a name', { password: 'x' }, required('username')],
      ['without a password', { username: 'x' }, required('password')],
      ['with an empty password', { username: 'x', password: '' }, required('password')],
      [
        'with nothing',
        {},
        {
          message: 'One or more input exceptions have occurred.',
          errors: [required('username'), required('password')],
        },
      ],
    ] as const) {
      it(`of ${kind}s is refused ${what}`, async () => {
        const { post } = await visitor();

        expect(await post(target, body)).toEqual({ status: 400, body: answer });
      });
    }

    it(`of ${kind}s is refused with a wrong password, an unknown name, another's password`, async () => {
      const { post } = await visitor();
      const { username } = kind === 'admin' ? admin : customer;
      const stranger = kind === 'admin' ? customer : admin;

      for (const who of [
        { username, password: 'wrong' },
        { username: 'nobody', password: customer.password },
        { username: stranger.username, password: stranger.password },
        { username, password: stranger.password },
      ]) {
        expect(await post(target, who)).toEqual(wrongSignIn);
      }
    });
  }
});

describe('a revocation', () => {
  const revoke = '/rest/V1/integration/customer/revoke-customer-token';

  for (const [release] of byRelease) {
    const status = release === '2.4.8' ? 200 : 404;

    it(`is answered ${status} by ${release}`, async () => {
      const { tokenOf, askAs } = await visitor({ release });

      expect(await askAs(await tokenOf('customer', customer), revoke, 'POST')).toMatchObject({
        status,
      });
    });
  }

  it('ends all tokens of the customer and nobody else’s', async () => {
    const { clock, tokenOf, ask, askAs } = await visitor();
    const first = await tokenOf('customer', customer);
    const second = await tokenOf('customer', customer);
    const ofAdmin = await tokenOf('admin', admin);
    const headers = { Authorization: `Bearer ${second}`, 'Content-Type': 'application/json' };

    expect(await ask(revoke, headers, 'POST')).toEqual({ status: 200, body: true });

    expect(await askAs(first, me)).toEqual(refused('self'));
    expect(await askAs(second, me)).toEqual(refused('self'));
    expect(await askAs(ofAdmin, storeConfigs)).toMatchObject({ status: 200 });
    clock.forward(1);
    expect(await askAs(await tokenOf('customer', customer), me)).toMatchObject({ status: 200 });
  });

  it('is for customers alone', async () => {
    const { tokenOf, askAs, ask } = await visitor();

    expect(await askAs(await tokenOf('admin', admin), revoke, 'POST')).toEqual(refused('self'));
    expect(await ask(revoke, {}, 'POST')).toEqual(refused('self'));
  });
});
