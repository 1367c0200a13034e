import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { startApp, type TestApp } from '../support/start-app.js';

const publicUrl = 'https://app.example';
const behindProxy = await startApp({ publicUrl, trustProxy: ['loopback'] });
const behindTwo = await startApp({ publicUrl, trustProxy: 2 });
const direct = await startApp({ publicUrl });
const behindOther = await startApp({ publicUrl, trustProxy: ['10.0.0.0/8'] });
const plain = await startApp({ trustProxy: ['loopback'] });

async function post(app: TestApp, scheme: string) {
  const form = activationForm();
  const response = await app
    .visitor()
    .post('/endpoint')
    .set('X-Forwarded-Proto', scheme)
    .type('form')
    .send(form);
  const stored = await app.deps.activations.find(form['oauth_consumer_key']!);
  return { response, isStored: stored !== undefined };
}

describe('what a trusted proxy says came over http, where people reach the app by https', () => {
  for (const scheme of ['http', 'HTTP', ' http ', 'http,https', 'http, http']) {
    it(`is refused at the endpoint with 403, no redirect, and nothing stored: ${scheme}`, async () => {
      for (const app of [behindProxy, behindTwo]) {
        const before = await app.redis.dbsize();

        const { response, isStored } = await post(app, scheme);

        expect(response.status).toBe(403);
        expect(response.type).toBe('text/plain');
        expect(response.text).toMatch(/^not_https: .*Callback URL must begin with https:\/\//);
        expect(response.headers).not.toHaveProperty('location');
        expect(isStored).toBe(false);
        expect(await app.redis.dbsize()).toBe(before);
      }
    });
  }

  it('is told in the log with what to do', async () => {
    await post(behindProxy, 'http');

    const line = behindProxy.logged().trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      event: 'request_refused',
      code: 'not_https',
      status: 403,
      err: { message: expect.stringContaining('Callback URL must begin with https://') as unknown },
    });
  });

  it('is refused on the pages, too, where a password would be sent in clear', async () => {
    for (const page of ['/login', '/console/sign-in', '/console', '/no']) {
      const response = await behindProxy.visitor().get(page).set('X-Forwarded-Proto', 'http');

      expect(response.status).toBe(403);
      expect(response.text).toContain('https://app.example');
      expect(response.headers).not.toHaveProperty('set-cookie');
    }
  });

  it('is answered where it only asks after health', async () => {
    const response = await behindProxy.visitor().get('/healthz').set('X-Forwarded-Proto', 'http');

    expect(response.status).toBe(200);
  });
});

describe('an activation is taken', () => {
  const cases: readonly (readonly [what: string, app: TestApp, scheme: string])[] = [
    ['when the proxy says https', behindProxy, 'https'],
    ['when the first of two proxies says https, the second http', behindTwo, 'https, http'],
    ['when somebody says http whom nobody trusts', direct, 'http'],
    ['when somebody says http who is not the proxy', behindOther, 'http'],
    ['where people reach the app by http', plain, 'http'],
  ];
  for (const [what, app, scheme] of cases) {
    it(what, async () => {
      const { response, isStored } = await post(app, scheme);

      expect({ status: response.status, isStored }).toEqual({ status: 200, isStored: true });
    });
  }
});
