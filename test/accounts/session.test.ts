import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { RequestHandler } from 'express';
import type { Redis } from 'ioredis';
import supertest from 'supertest';
import { sessions } from '../../src/accounts/session.js';
import { createApp, type Deps } from '../../src/app.js';
import { send } from '../console/operators.js';
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
  const [first] = [(headers as Record<string, unknown>)['set-cookie']].flat();
  return String(first);
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

describe('the secrets that sign cookies', () => {
  const [old, next] = [
    'an old secret of thirty-two bytes or more',
    'the next one, as long as that',
  ];

  it('rotate: the first signs, all verify, and one that is gone verifies no longer', async () => {
    const before = await startApp({ sessionSecrets: [old] });
    const { prefix } = before;
    const during = await startApp({ prefix, sessionSecrets: [next, old] });
    const after = await startApp({ prefix, sessionSecrets: [next] });
    const signedWithOld = (await signIn(before)).after;
    const signedWithNext = (await signIn(during)).after;

    const statuses = async (cookie: string) => {
      const answers = await Promise.all([before, during, after].map((to) => list(to, cookie)));
      return answers.map(({ status }) => status);
    };

    expect(await statuses(signedWithOld)).toEqual([200, 200, 303]);
    expect(await statuses(signedWithNext)).toEqual([303, 200, 200]);
  });
});

/** The same app, but with something between express-session and Redis. */
async function appWith(between: Partial<Deps>) {
  const server = createServer(createApp({ ...app.deps, ...between })).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

/** Sessions in Redis that are saved once `before` allows it, where somebody is signed in in them. */
async function sessionsSavedAfter(before: () => Promise<void>): Promise<RequestHandler> {
  const client = app.redis.duplicate();
  clients.push(client);
  const set = client.set.bind(client) as (...words: unknown[]) => Promise<unknown>;
  client.set = (async (...words: unknown[]) => {
    if (String(words[1]).includes('"person"')) await before();
    return set(...words);
  }) as typeof client.set;
  await client.connect();
  const secrets = ['test secret of thirty-two bytes or more'];
  return sessions({ redis: client, prefix: app.prefix, secrets, https: false });
}

const servers: Server[] = [];
const clients: Redis[] = [];

afterAll(() => {
  for (const server of servers) server.close();
  for (const client of clients) client.disconnect();
});

describe('the answer to a sign-in', () => {
  it('comes when the session is saved, not before', async () => {
    const saving = signal();
    const letGo = signal();
    const slow = await sessionsSavedAfter(async () => {
      saving.give();
      await letGo.given;
    });
    const server = await appWith({ sessions: slow });
    const browser = supertest.agent(server);
    const form = await browser.get('/console/sign-in');
    const events: string[] = [];
    const answer = send(browser, '/console/sign-in', form.text, operator).then(({ status }) => {
      events.push(`answered ${status}`);
    });

    await saving.given;
    expect((await supertest(server).get('/healthz')).status).toBe(200);
    events.push('saved');
    letGo.give();
    await answer;

    expect(events).toEqual(['saved', 'answered 303']);
    expect((await browser.get('/console')).status).toBe(200);
  });

  it('promises nothing where the session could not be saved, and leaves the one there was', async () => {
    let isBroken = true;
    const broken = await sessionsSavedAfter(() =>
      isBroken ? Promise.reject(new Error('Command timed out')) : Promise.resolve(),
    );
    const browser = supertest.agent(await appWith({ sessions: broken }));
    const form = await browser.get('/console/sign-in');

    const answer = await send(browser, '/console/sign-in', form.text, operator);
    const later = await browser.get('/console');
    isBroken = false;

    expect(answer.status).toBe(503);
    expect(cookieOf(answer)).toBe(cookieOf(form));
    expect(answer.headers).not.toHaveProperty('location');
    expect(later.status).toBe(303);
    expect((await send(browser, '/console/sign-in', form.text, operator)).status).toBe(303);
  });
});

describe('without Redis', () => {
  const addresses = {
    get: [
      '/login',
      '/console',
      '/console/sign-in',
      '/console/sign-in/code',
      '/account/second-factor',
    ]
      .concat(['/console/stores/x', '/console/stores/x/disconnect', '/console/none'])
      .concat(['/account', '/account/sign-in', '/account/sign-in/code', '/account/settings'])
      .concat(['/account/stores/x/disconnect', '/account/none']),
    post: ['/checklogin', '/checklogin/code', '/checklogin/confirm', '/console/sign-in']
      .concat(['/console/sign-in/code', '/console/sign-out'])
      .concat(['/account/sign-in', '/account/sign-in/code', '/account/sign-out'])
      .concat(['check', 'disconnect'].map((act) => `/account/stores/x/${act}`))
      .concat(
        ['password', 'language', 'sign-out-everywhere'].map((act) => `/account/settings/${act}`),
      )
      .concat(['check', 'reveal', 'disconnect', 'dismiss'].map((act) => `/console/stores/x/${act}`))
      .concat(
        ['turn-on', 'turn-off', 'recovery-codes'].map((act) => `/account/second-factor/${act}`),
      ),
  };

  const without: Record<string, () => Promise<{ url: string | Server; cookie: string }>> = {
    'that is gone': async () => {
      const redis = await startRedis();
      const lonely = await startApp({ redis });
      const { after } = await signIn(lonely);
      await redis.stop();
      return { url: lonely.url, cookie: after };
    },
    // What express-session does while its store says that it is disconnected.
    'whose store gives no session': async () => ({
      url: await appWith({
        sessions: (_req, _res, next) => {
          next();
        },
      }),
      cookie: '',
    }),
  };
  for (const [how, lose] of Object.entries(without)) {
    it(`every page and form that needs a session answers 503 and says that the storage is away: ${how}`, async () => {
      const { url, cookie } = await lose();

      for (const method of ['get', 'post'] as const) {
        for (const address of addresses[method]) {
          const browser = supertest(url);
          const response = await browser[method](address)
            .type('form')
            .set({ Cookie: cookie, Accept: 'application/json' });

          expect([address, response.status]).toEqual([address, 503]);
          expect(response.body).toMatchObject({ code: 'redis_unavailable' });
        }
      }
    });
  }
});

/** Something that is waited for until it is given. */
function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
