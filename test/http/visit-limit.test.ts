import { describe, expect, it } from '@jest/globals';
import { mostVisits } from '../../src/http/visit-limit.js';
import { activationForm, identityQuery } from '../support/activation.js';
import { openPopup, sendForm } from '../support/popup.js';
import { operatorsBrowser } from '../console/operators.js';
import { startApp, type TestApp } from '../support/start-app.js';
import { startRedis } from '../support/start-redis.js';

const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';

/** As if so many visits of this network had come already. */
async function visited(app: TestApp, network: string, times: number): Promise<void> {
  await app.deps.visits.add(network, times);
}

async function popupUrl(app: TestApp): Promise<string> {
  const form = activationForm();
  await app.visitor().post('/endpoint').type('form').send(form);
  return `${app.url}/login?${identityQuery(form['oauth_consumer_key']!, callback)}`;
}

function sessions(app: TestApp): Promise<string[]> {
  return app.redis.keys(`${app.prefix}session:*`);
}

const visits: readonly (readonly ['get' | 'post', string])[] = [
  ['get', '/login'],
  ['get', '/login.php'],
  ['post', '/checklogin'],
  ['post', '/checklogin.php'],
  ['post', '/checklogin/confirm'],
  ['get', '/invitation/x'],
  ['post', '/invitation/x'],
  ['get', '/console/sign-in'],
  ['post', '/console/sign-in'],
  ['get', '/account/sign-in'],
  ['post', '/account/sign-in'],
  ['post', '/account/sign-in/code'],
  ['get', '/account'],
  ['get', '/account/stores/x/disconnect'],
  ['get', '/console'],
  ['get', '/console/stores/x'],
];

describe('a network with more visits than anybody needs', () => {
  for (const [method, address] of visits) {
    it(`is answered 429 and told when to come again, and leaves no session: ${method} ${address}`, async () => {
      const app = await startApp();
      await visited(app, '127.0.0.1', mostVisits);

      const response = await app.visitor()[method](address).set('Accept', 'text/html');

      expect(response.status).toBe(429);
      expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(response.headers['retry-after'])).toBeLessThanOrEqual(300);
      expect(response.text).toContain('Wait five minutes, then try again.');
      expect(response.text).toContain('too_many_requests');
      expect(response.headers).not.toHaveProperty('set-cookie');
      expect(await sessions(app)).toEqual([]);
    });
  }

  it('lets the window of Magento see the page', async () => {
    const app = await startApp();
    await visited(app, '127.0.0.1', mostVisits);

    for (const address of ['/login', '/checklogin']) {
      const { headers, text } = await app.visitor().get(address).set('Accept', 'text/html');

      expect(headers).not.toHaveProperty('cross-origin-opener-policy');
      expect(text).toContain('You can close this window.');
    }
  });

  it('stays limited whatever it says of itself in X-Forwarded-For', async () => {
    const app = await startApp();
    await visited(app, '127.0.0.1', mostVisits);

    for (const other of ['203.0.113.9', '127.0.0.2', '::1', 'unknown', '203.0.113.9, 10.0.0.1']) {
      const response = await app.visitor().get('/login').set('X-Forwarded-For', other);

      expect(response.status).toBe(429);
    }
  });

  it('is that of the address which a trusted proxy names, an IPv6 one with its /64', async () => {
    const app = await startApp({ trustProxy: 1 });
    await visited(app, '203.0.113.9', mostVisits);
    await visited(app, '2001:db8:0:7::/64', mostVisits);
    const statusFor = async (address: string) =>
      (await app.visitor().get('/console/sign-in').set('X-Forwarded-For', address)).status;

    expect(await statusFor('203.0.113.9')).toBe(429);
    expect(await statusFor('10.1.1.1, 203.0.113.9')).toBe(429);
    expect(await statusFor('2001:db8:0:7::1')).toBe(429);
    expect(await statusFor('203.0.113.10')).toBe(200);
    expect(await statusFor('2001:db8:0:8::1')).toBe(200);
  });

  it('still delivers activations, and may ask for health and style', async () => {
    const app = await startApp();
    await visited(app, '127.0.0.1', mostVisits);

    const activation = await app.visitor().post('/endpoint').type('form').send(activationForm());
    const others = [
      await app.visitor().get('/healthz'),
      await app.visitor().get('/readyz'),
      await app.visitor().get('/assets/style.css'),
    ];

    expect(activation.status).toBe(200);
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('does not hold up an operator who has signed in', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    await visited(app, '127.0.0.1', mostVisits);

    expect((await browser.get('/console')).status).toBe(200);
  });
});

describe('visits', () => {
  it('are counted one by one, so that the last of many is refused', async () => {
    const app = await startApp();
    await visited(app, '127.0.0.1', mostVisits - 2);

    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await app.visitor().get('/console/sign-in')).status);
    }

    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  it('of an office that signs in together are not too many', async () => {
    const app = await startApp({ storePolicy: { allowHttp: false } });
    const asOne = async (username: string) => {
      const visitor = app.visitor();
      const { fields } = await openPopup(visitor, await popupUrl(app));
      return (await sendForm(visitor, fields, { username, password: 'wrong' })).status;
    };

    for (let n = 0; n < 20; n += 1) expect(await asOne(`person-${n}`)).toBe(401);

    const { count } = await app.deps.visits.add('127.0.0.1', 0);
    expect(count).toBe(60);
    expect(mostVisits / 3).toBeGreaterThanOrEqual(1_000);
  });

  it('are shared by all processes on one Redis', async () => {
    const [one, other] = [await startApp(), await startApp()];
    const twin = await startApp({ prefix: one.prefix });
    await visited(one, '127.0.0.1', mostVisits);

    expect((await twin.visitor().get('/console/sign-in')).status).toBe(429);
    expect((await other.visitor().get('/console/sign-in')).status).toBe(200);
  });

  it('are counted in memory while Redis is gone, and the pages say what is wrong', async () => {
    const redis = await startRedis();
    const app = await startApp({ redis });
    await redis.stop();

    const before = await app.visitor().get('/console/sign-in');
    await visited(app, '127.0.0.1', mostVisits);
    const after = await app.visitor().get('/console/sign-in');

    expect([before.status, after.status]).toEqual([503, 429]);
  });
});
