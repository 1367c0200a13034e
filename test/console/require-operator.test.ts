import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { hiddenFields } from '../support/activation.js';
import { operator, startApp } from '../support/start-app.js';
import { connect, operatorsBrowser, pageOf } from './operators.js';

describe('whoever has not signed in', () => {
  it('is led from every page to the sign-in', async () => {
    const app = await startApp();
    const store = await connect(app);

    for (const page of ['/console', pageOf(store), `${pageOf(store)}/disconnect`, '/console/no']) {
      const response = await app.visitor().get(page);
      expect(response.status).toBe(303);
      expect(response.headers['location']).toBe('/console/sign-in');
    }
  });

  it('is refused every form with 401 and a way to the sign-in', async () => {
    const app = await startApp();
    const store = await connect(app);

    for (const action of ['check', 'reveal', 'disconnect']) {
      const response = await app
        .visitor()
        .post(`${pageOf(store)}/${action}`)
        .type('form')
        .send({});
      expect(response.status).toBe(401);
      expect(response.text).toContain('href="/console/sign-in"');
    }
    expect(await app.deps.credentials.find(store.consumerKey)).toBeDefined();
  });

  it('is told so in JSON when it asks for that', async () => {
    const app = await startApp();

    const response = await app.visitor().get('/console').set('Accept', 'application/json');

    expect(response.status).toBe(401);
    expect(response.body).toMatchObject({ code: 'sign_in_required' });
  });

  it('is sent to a path of this host, though the request line named a whole address', async () => {
    const app = await startApp();
    const browser = app.visitor();
    const cookie = await cookieAfterAskingFor(app.url, `${app.url}/console`);

    const form = await browser.get('/console/sign-in').set('Cookie', cookie);
    const response = await browser
      .post('/console/sign-in')
      .set('Cookie', cookie)
      .type('form')
      .send({ ...hiddenFields(form.text), ...operator });

    expect(response.headers['location']).toBe('/console');
  });
});

describe('an operator who is signed in', () => {
  it('is out from the next request on when disabled', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    const before = await browser.get('/console');
    await app.deps.accounts.disable(operator.username);

    const after = await browser.get('/console');

    expect([before.status, after.status]).toEqual([200, 303]);
  });

  it('is out from the next request on when no longer an operator', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    await app.redis.hset(`${app.prefix}account:${operator.username}`, 'role', 'merchant');

    const response = await browser.get('/console');

    expect(response.status).toBe(303);
  });

  it('is out from the next request on when the account is gone', async () => {
    const app = await startApp();
    const browser = await operatorsBrowser(app);
    await app.redis.del(`${app.prefix}account:${operator.username}`);

    const response = await browser.get('/console');

    expect(response.status).toBe(303);
  });
});

/** What a proxy would send: a request line with a whole address in it. Answers the cookie that was set, if any. */
async function cookieAfterAskingFor(url: string, address: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const asked = request({ hostname, port, path: address, headers: { accept: 'text/html' } }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(303);
  return response.headers['set-cookie']?.join() ?? '';
}
