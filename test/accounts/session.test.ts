import { describe, expect, it } from '@jest/globals';
import { hiddenFields } from '../support/activation.js';
import { operator, startApp, type TestApp } from '../support/start-app.js';
import { startRedis } from '../support/start-redis.js';

const app = await startApp();

/** Signs an operator in by hand, cookies and all, since no cookie jar takes a secure cookie over http. */
async function signIn(to: TestApp, headers: Record<string, string> = {}) {
  const form = await to.visitor().get('/console/sign-in').set(headers);
  const before = cookieOf(form);
  const answer = await to
    .visitor()
    .post('/console/sign-in')
    .set({ ...headers, Cookie: before })
    .type('form')
    .send({ ...hiddenFields(form.text), ...operator });
  return { before, answer, after: cookieOf(answer) };
}

function cookieOf(response: { readonly headers: unknown }): string {
  return setCookieOf(response).split(';')[0] ?? '';
}

function setCookieOf({ headers }: { readonly headers: unknown }): string {
  return String((headers as Record<string, unknown>)['set-cookie']);
}

function list(to: TestApp, cookie: string) {
  return to.visitor().get('/console').set('Cookie', cookie);
}

describe('the session', () => {
  it('has a new id after a sign-in; the old one opens nothing', async () => {
    const { before, after } = await signIn(app);

    expect(after).not.toBe(before);
    expect((await list(app, after)).status).toBe(200);
    expect((await list(app, before)).status).toBe(303);
  });

  it('gives no cookie to a visitor who leaves nothing to remember', async () => {
    for (const path of ['/', '/login', '/healthz', '/assets/style.css']) {
      expect((await app.visitor().get(path)).headers).not.toHaveProperty('set-cookie');
    }
  });

  it('refuses a cookie that this app did not sign', async () => {
    const { after } = await signIn(app);
    const [id = ''] = after.split('.');

    expect((await list(app, `${id}.${'A'.repeat(43)}`)).status).toBe(303);
    expect((await list(app, id)).status).toBe(303);
  });

  it('lives half an hour in Redis after its last use', async () => {
    const { after } = await signIn(app);
    const id = /^mi=s%3A([^.]+)\./.exec(after)?.[1];

    const seconds = await app.redis.ttl(`${app.prefix}session:${id ?? ''}`);

    expect(seconds).toBeGreaterThan(1700);
    expect(seconds).toBeLessThanOrEqual(1800);
  });
});

describe('the cookie', () => {
  it('is kept from scripts and from foreign forms', async () => {
    const { answer } = await signIn(app);

    expect(setCookieOf(answer)).toMatch(
      /^mi=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is bound to the host and to https where people reach the app by https', async () => {
    const secure = await startApp({ publicUrl: 'https://app.example' });

    const { answer, after } = await signIn(secure);

    expect(setCookieOf(answer)).toMatch(
      /^__Host-mi=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect((await list(secure, after)).status).toBe(200);
  });

  it('is given even when the proxy says http', async () => {
    const secure = await startApp({ publicUrl: 'https://app.example' });

    const { answer } = await signIn(secure, { 'X-Forwarded-Proto': 'http' });

    expect(answer.status).toBe(303);
    expect(setCookieOf(answer)).toContain('; Secure');
  });
});

describe('without Redis', () => {
  it('pages that need a session answer 503 and say that the storage is away', async () => {
    const redis = await startRedis();
    const lonely = await startApp({ redis });
    const { after } = await signIn(lonely);
    await redis.stop();

    const answers = await Promise.all(
      ['/login', '/console', '/console/sign-in'].map((path) =>
        lonely.visitor().get(path).set({ Cookie: after, Accept: 'application/json' }),
      ),
    );

    for (const { status, body } of answers) {
      expect(status).toBe(503);
      expect(body).toMatchObject({ code: 'redis_unavailable' });
    }
  });
});
