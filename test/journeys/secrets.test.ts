import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Fault } from '../../src/sample-store/faults/faults.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { replaySpool } from '../../src/activation/exchange/replay-spool.js';
import { identityQuery, hiddenFields } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { callsOf, newIntegration, openPopup, sendForm, type Visitor } from '../support/popup.js';
import { phoneWith, recoveryCodesOn, secretOn } from '../support/second-factor.js';
import { newDataDir } from '../redis/support.js';
import { merchant, operator, startApp, type TestApp } from '../support/start-app.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const wrongPassword = 'this one is not right';
const login = 'staging:behind a wall of words';
const basic = Buffer.from(login).toString('base64');
/** As long as a text may be for `JSON.parse` to quote all of it. */
const brokenSecret = 'brokenrecordsecret01';

/** Values that nobody but their owners may see, each with a name to report it by. */
type Secrets = Map<string, string>;

/** Everything that can be read of the app from somewhere, each with the name of the place. */
type Places = [place: string, text: string][];

/** As much of superagent's request as is looked at. */
interface SentRequest {
  readonly method: string;
  readonly url: string;
  on(event: 'response', listener: (response: Answer) => void): void;
}

interface Answer {
  readonly request: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Every kind of activation there is, and what operators do, with all answers kept. */
async function wholeStory() {
  const redis = await startRedis({ appendfsync: 'always' });
  const spoolFolder = await newDataDir();
  const basicCredentials = new Map<string, string>();
  const plain = await startApp({ redis, now: clock.now, spoolFolder, basicCredentials });
  const answers: Answer[] = [];
  const app: TestApp = { ...plain, visitor: () => recorded(plain.visitor(), answers) };
  const secrets: Secrets = new Map([
    ["the merchant's password", merchant.password],
    ["the operator's password", operator.password],
    ['a wrong password', wrongPassword],
    ['the session secret', 'test secret of thirty-two bytes or more'],
    ['the encryption key', Buffer.alloc(32, 7).toString('base64')],
    ["the staging site's login", basic],
    ['a broken record', brokenSecret],
  ]);
  const stories: Record<string, readonly Fault[]> = {
    'all well': [],
    'a store that fails at request': [{ at: 'request', do: 'status-503', times: 1 }],
    'a store that refuses at request': [{ at: 'request', do: 'html-200', times: 1 }],
    'a store that fails at access': [{ at: 'access', do: 'status-503', times: 1 }],
    'a lost request token': [{ at: 'request', do: 'drop-after', times: 1 }],
    'a lost grant': [{ at: 'access', do: 'drop-after', times: 1 }],
    'a refused credential': [
      { at: 'rest', do: 'problem', status: 401, text: 'Specified token does not exist', times: 1 },
    ],
    'a staging site': [{ at: 'request', do: 'basic-auth', login }],
  };
  for (const [name, faults] of Object.entries(stories)) {
    await activation(app, name, faults, secrets, (url) => {
      if (name === 'a staging site') basicCredentials.set(new URL(url).host, basic);
    });
  }
  const spooled = await grantWithoutRedis(app, redis, spoolFolder, secrets);
  await brokenRecord(app, redis);
  await operatorsDay(app, secrets);
  for (const { headers, text } of answers) {
    const [, id] = /mi=s%3A([^.]+)\./.exec(String(headers['set-cookie'])) ?? [];
    if (id !== undefined) secrets.set(`session ${id.slice(0, 4)}`, id);
    const [, browser] = /mi-browser=([\w-]+)/.exec(String(headers['set-cookie'])) ?? [];
    if (browser !== undefined) secrets.set(`browser ${browser.slice(0, 4)}`, browser);
    const { popup } = hiddenFields(text);
    if (popup !== undefined) secrets.set(`popup ${popup.slice(0, 4)}`, popup);
    const { _csrf: csrf } = hiddenFields(text);
    if (csrf !== undefined) secrets.set(`form token ${csrf.slice(0, 4)}`, csrf);
  }
  return { app, redis, answers, secrets, spooled };
}

/** A grant that comes while Redis permits no write: it goes to a file, and from there to Redis when it does again. */
async function grantWithoutRedis(
  app: TestApp,
  redis: TestRedis,
  spoolFolder: string,
  secrets: Secrets,
): Promise<Places> {
  const name = 'a grant without Redis';
  const store = await startStore({
    now: clock.now,
    faults: [{ at: 'access', do: 'slow', ms: 300 }],
    log: () => {
      noteSecrets(name, store, secrets);
    },
  });
  const { popupUrl, successCallbackUrl } = await store.activate(newIntegration(app, store).id);
  noteAdminKey(name, successCallbackUrl, secrets);
  const visitor = app.visitor();
  const { fields } = await openPopup(visitor, popupUrl);
  const answer = sendForm(visitor, fields).then(({ status }) => status);
  while (!callsOf(store).some((call) => call.includes('token/access'))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  const admin = redis.client();
  await admin.call('ACL', 'SETUSER', 'default', '-@write', '-@scripting');
  expect(await answer).toBe(503);
  const spooled = filesIn(spoolFolder);
  await admin.call('ACL', 'SETUSER', 'default', '+@all');
  clock.advance(61);
  await replaySpool(app.deps);
  expect(filesIn(spoolFolder)).toEqual([]);
  return spooled;
}

/** A record that no longer is what it was, and a person who asks for it. */
async function brokenRecord(app: TestApp, redis: TestRedis): Promise<void> {
  const key = `${app.prefix}activation:{${'b'.repeat(32)}}`;
  const client = redis.client();
  await client.set(key, brokenSecret);
  const callback = 'https://shop.example/admin/admin/integration/loginSuccessCallback/';
  const query = identityQuery('b'.repeat(32), callback);
  const { page } = await openPopup(app.visitor(), `${app.url}/login?${query}`);
  expect(page.status).toBe(500);
  await client.del(key);
}

/** One integration: a wrong password, then the right one twice, against a store with these faults. */
async function activation(
  app: TestApp,
  name: string,
  faults: readonly Fault[],
  secrets: Secrets,
  prepare: (storeUrl: string) => void,
): Promise<void> {
  const store = await startStore({
    now: clock.now,
    faults,
    log: () => {
      noteSecrets(name, store, secrets);
    },
  });
  prepare(store.url);
  const { popupUrl, successCallbackUrl } = await store.activate(newIntegration(app, store).id);
  noteAdminKey(name, successCallbackUrl, secrets);
  const visitor = app.visitor();
  const { fields } = await openPopup(visitor, popupUrl);
  await sendForm(visitor, fields, { ...merchant, password: wrongPassword });
  await sendForm(visitor, fields);
  // An exchange whose grant was lost keeps its lease for a minute.
  clock.advance(61);
  await sendForm(visitor, fields);
}

function noteAdminKey(name: string, successCallbackUrl: string, secrets: Secrets): void {
  const [adminKey = ''] = /[0-9a-f]{64}/.exec(successCallbackUrl) ?? [];
  secrets.set(`${name}: key of the admin`, adminKey);
}

/** What the store's tables hold now; each step of the exchange puts another token in them. */
function noteSecrets(name: string, store: SampleStore, secrets: Secrets): void {
  for (const { consumerKey, consumerSecret, tokens } of store.integrations()) {
    secrets.set(`${name}: consumer key`, consumerKey);
    secrets.set(`${name}: consumer secret`, consumerSecret);
    for (const { type, token, secret, verifier } of tokens) {
      secrets.set(`${name}: ${type} token`, token);
      secrets.set(`${name}: ${type} token secret`, secret);
      secrets.set(`${name}: verifier`, verifier);
    }
  }
}

/**
 * Signs in, looks at every store and every attempt, checks, reveals with a wrong and the right password, disconnects one; turns a second
 * factor on and signs in with it, then with a recovery code.
 */
async function operatorsDay(app: TestApp, secrets: Secrets): Promise<void> {
  const visitor = app.visitor();
  const send = async (action: string, page: string, typed: Record<string, string> = {}) =>
    visitor
      .post(action)
      .type('form')
      .send({ ...hiddenFields(page), ...typed });
  const form = await visitor.get('/console/sign-in');
  await send('/console/sign-in', form.text, { ...operator, password: wrongPassword });
  await send('/console/sign-in', form.text, operator);
  const list = await visitor.get('/console');
  const pages = new Set(
    [...list.text.matchAll(/\/console\/stores\/[0-9a-z]{32}/g)].map(([page]) => page),
  );
  expect(pages.size).toBeGreaterThan(1);
  for (const page of pages) {
    const { text } = await visitor.get(page);
    await send(`${page}/check`, text);
    await send(`${page}/reveal`, text, { password: wrongPassword });
    await send(`${page}/reveal`, text, { password: operator.password });
    await visitor.get(page);
  }
  const { text: attempts } = await visitor.get('/console/attempts');
  const told = [...attempts.matchAll(/\/console\/attempts\/ACT-\w{6}/g)].map(
    ([address]) => address,
  );
  expect(told.length).toBeGreaterThan(5);
  for (const address of told) expect((await visitor.get(address)).text).toContain('What happened');
  const [page = ''] = pages;
  const question = await visitor.get(`${page}/disconnect`);
  await send(`${page}/disconnect`, question.text);
  await visitor.get('/console');
  await visitor.get('/account/settings');

  const address = '/account/second-factor';
  const { text: offer } = await visitor.get(address);
  const phone = phoneWith(secretOn(offer));
  const code = phone.codeAt(clock.now());
  await send(`${address}/turn-on`, offer, { password: wrongPassword, code });
  const { text: shown } = await send(`${address}/turn-on`, offer, {
    password: operator.password,
    code,
  });
  const [recoveryCode = '', ...others] = recoveryCodesOn(shown);
  secrets.set('second factor: secret', phone.secret);
  for (const [at, one] of [recoveryCode, ...others].entries()) {
    secrets.set(`second factor: recovery code ${at}`, one);
  }
  clock.advance(30);
  for (const right of [phone.codeAt(clock.now()), recoveryCode]) {
    const again = app.visitor();
    const { text } = await again.get('/console/sign-in');
    const post = (to: string, page: string, typed: Record<string, string>) =>
      again
        .post(to)
        .type('form')
        .send({ ...hiddenFields(page), ...typed });
    await post('/console/sign-in', text, operator);
    const asked = await again.get('/console/sign-in/code');
    await post('/console/sign-in/code', asked.text, { code: others[0]?.slice(1) ?? '' });
    const { status } = await post('/console/sign-in/code', asked.text, { code: right });
    expect(status).toBe(303);
  }
}

function recorded(visitor: Visitor, answers: Answer[]): Visitor {
  visitor.use((request: SentRequest) => {
    request.on('response', ({ status, headers, text }) => {
      const { pathname } = new URL(request.url);
      answers.push({ request: `${request.method} ${pathname}`, status, headers, text });
    });
  });
  return visitor;
}

/** Pages that are there to tell a secret: the revealed one, the offer of a second factor, its recovery codes. */
const telling = /\/reveal 200$|GET \/account\/second-factor 200$|\/second-factor\/turn-on /;

/** The answers but for those, and for the way back to Magento. Every form holds its token. */
function toldBy(answers: readonly Answer[]): Places {
  return answers
    .filter(({ request, status }) => !telling.test(`${request} ${status}`))
    .map(({ request, status, headers, text }) => {
      const { location, 'set-cookie': cookie, ...others } = headers;
      const isReturn = request === 'POST /checklogin' && status === 303;
      return [
        `${request} ${status}`,
        JSON.stringify({ ...others, location: isReturn ? '' : location, text }),
      ];
    });
}

/** Every key with its value, whatever its type. */
async function keptIn(client: Redis): Promise<Places> {
  const places: Places = [];
  for await (const keys of client.scanStream() as AsyncIterable<string[]>) {
    for (const key of keys) places.push([`key ${key}`, `${key} ${await valueOf(client, key)}`]);
  }
  return places;
}

async function valueOf(client: Redis, key: string): Promise<string> {
  const type = await client.type(key);
  switch (type) {
    case 'string':
      return (await client.get(key)) ?? '';
    case 'hash':
      return JSON.stringify(await client.hgetall(key));
    case 'set':
      return JSON.stringify(await client.smembers(key));
    case 'zset':
      return JSON.stringify(await client.zrange(key, '0', '-1'));
    case 'stream':
      return JSON.stringify(await client.xrange(key, '-', '+'));
    case 'list':
      return JSON.stringify(await client.lrange(key, 0, -1));
    default:
      throw new Error(`the test cannot read a ${type}`);
  }
}

/** Every file of a folder; a server's log of writes holds what the keys held before. */
function filesIn(folder: string): Places {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [`file ${entry.name}`, readFileSync(file, 'latin1')];
    });
}

/** Where which secret stands, as it is, as it stands in a form or an address, or in Base64. */
function leaks(secrets: Secrets, places: Places): string[] {
  return [...secrets].flatMap(([name, value]) => {
    const spellings = [
      value,
      encodeURIComponent(value),
      value.replaceAll(' ', '+'),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ];
    return places
      .filter(([, text]) => spellings.some((spelling) => text.includes(spelling)))
      .map(([place]) => `${name} in ${place}`);
  });
}

const { app, redis, answers, secrets: all, spooled } = await wholeStory();
const client = redis.client();

/** What opens nothing by itself, and stands in Redis and in addresses of ours, but not in the log. */
const isIdentifier = (name: string) => / consumer key$|^popup /.test(name);
const secrets: Secrets = new Map([...all].filter(([name]) => !isIdentifier(name)));
const consumerKeys: Secrets = new Map([...all].filter(([name]) => name.endsWith(' consumer key')));

/** The others: a session's id is a key of Redis, its token stands in its forms, and the test itself broke the record. */
const atRest = secretsBut('session', 'form token', 'a broken record');

function secretsBut(...kinds: readonly string[]): Secrets {
  return new Map([...secrets].filter(([name]) => !kinds.some((kind) => name.startsWith(kind))));
}

describe('of the secrets of every kind of activation', () => {
  it('there are enough to look for, of each kind', () => {
    const kinds = [...secrets.keys()].map((name) =>
      name.replace(/^.*: |(?<=session|browser|form token|recovery code) .*/g, ''),
    );

    const count = (kind: string) => kinds.filter((one) => one === kind).length;

    expect(count('consumer secret')).toBe(9);
    expect(count('verifier')).toBe(9);
    expect(count('key of the admin')).toBe(9);
    expect(count('request token')).toBeGreaterThanOrEqual(4);
    expect(count('request token secret')).toBeGreaterThanOrEqual(4);
    expect(count('access token')).toBeGreaterThanOrEqual(4);
    expect(count('access token secret')).toBeGreaterThanOrEqual(4);
    expect(count('session')).toBeGreaterThan(10);
    expect(count('form token')).toBeGreaterThan(10);
    expect(count('browser')).toBeGreaterThan(5);
    expect(count('recovery code')).toBe(10);
    expect(count('secret')).toBe(1);
    expect([...secrets.values()].every((value) => value.length >= 16)).toBe(true);
  });

  it('none stands in the log', () => {
    const found = leaks(all, [['the log', app.logged()]]);

    expect(all.size - secrets.size).toBeGreaterThan(17);

    expect(app.logged()).toContain('"event":"secrets_revealed"');
    expect(app.logged()).toContain('"code":"grant_lost"');
    expect(app.logged()).toContain('"event":"token_spooled"');
    expect(app.logged()).toContain('"name":"SyntaxError"');
    expect(app.logged()).toContain('"event":"recovery_code_used"');
    expect(app.logged()).not.toContain('"dropped"');
    expect(found).toEqual([]);
  });

  it('none stands in an answer, but on the page that reveals them', () => {
    const told = toldBy(answers);

    const found = leaks(secretsBut('form token'), told);

    const statuses = new Set(answers.map(({ status }) => status));
    const revealed = answers.filter(({ text }) => leaks(secrets, [['', text]]).length > 0);
    expect([...statuses].sort()).toEqual([200, 303, 401, 409, 500, 502, 503]);
    expect(told.length).toBeGreaterThan(40);
    expect(revealed.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
  });

  it('and none of the consumer keys in an answer, but in the console', () => {
    const told = toldBy(answers).filter(([place]) => !place.includes(' /console'));

    expect(told.length).toBeGreaterThan(20);
    expect(consumerKeys.size).toBe(9);
    expect(leaks(consumerKeys, told)).toEqual([]);
  });

  it('none stands in an address, but the key of the admin in the last one', () => {
    const places = answers.map(({ request, headers }): Places[number] => [
      request,
      `${request} ${String(headers['location'])}`,
    ]);

    const found = leaks(secrets, places);

    expect(found.length).toBeGreaterThan(0);
    expect(
      found.filter((leak) => !leak.endsWith(': key of the admin in POST /checklogin')),
    ).toEqual([]);
  });

  it('none stands in Redis in clear', async () => {
    const kept = await keptIn(client);

    const found = leaks(atRest, kept);

    expect(kept.map(([place]) => place)).toEqual(
      expect.arrayContaining(
        ['activation:', 'credential:', 'account:', 'session:', 'events:'].map((kind): unknown =>
          expect.stringContaining(`${app.prefix}${kind}`),
        ),
      ),
    );
    expect(found).toEqual([]);
  });

  it('none stands on the disk in clear, nor ever stood there', () => {
    const written = filesIn(redis.folder);

    const found = leaks(atRest, written);

    const bytes = written.map(([, text]) => text).join('');
    expect(bytes).toContain(`${app.prefix}activation:`);
    expect(bytes).toContain('heldToken');
    expect(found).toEqual([]);
  });

  it('none stands in the file in which a grant waits for Redis', () => {
    expect(spooled).toHaveLength(1);
    expect(spooled[0]?.[1]).toContain('"kind":"grant"');
    expect(leaks(secrets, spooled)).toEqual([]);
  });

  it('each would be found in the log, had it been given as a field of an event', () => {
    const line = (account: string) => {
      const before = app.logged().length;
      app.deps.log.trace({ event: 'planted', account });
      return app.logged().slice(before);
    };

    for (const [name, value] of all) {
      expect(leaks(new Map([[name, value]]), [['the log', line(value)]])).toHaveLength(1);
    }
  });

  it('each would be found, had it been written once and removed again', async () => {
    const key = `${app.prefix}planted`;
    await client.set(key, [...atRest.values()].join(' '));
    const kept = leaks(atRest, await keptIn(client));
    await client.del(key);

    const written = leaks(atRest, filesIn(redis.folder));

    expect(kept).toHaveLength(atRest.size);
    expect(written).toHaveLength(atRest.size);
  });
});
