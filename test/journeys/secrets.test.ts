import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import type { Fault } from '../../src/sample-store/faults/faults.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { hiddenFields } from '../support/activation.js';
import { fakeClock } from '../support/fake-clock.js';
import { newIntegration, openPopup, sendForm, type Visitor } from '../support/popup.js';
import { merchant, operator, startApp, type TestApp } from '../support/start-app.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { startStore } from '../support/start-store.js';

const clock = fakeClock();
const wrongPassword = 'this one is not right';

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
  const plain = await startApp({ redis, now: clock.now });
  const answers: Answer[] = [];
  const app: TestApp = { ...plain, visitor: () => recorded(plain.visitor(), answers) };
  const secrets: Secrets = new Map([
    ["the merchant's password", merchant.password],
    ["the operator's password", operator.password],
    ['a wrong password', wrongPassword],
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
  };
  for (const [name, faults] of Object.entries(stories)) {
    await activation(app, name, faults, secrets);
  }
  await operatorsDay(app);
  for (const { headers } of answers) {
    const [, id] = /mi=s%3A([^.]+)\./.exec(String(headers['set-cookie'])) ?? [];
    if (id !== undefined) secrets.set(`session ${id.slice(0, 4)}`, id);
  }
  return { app, redis, answers, secrets };
}

/** One integration: a wrong password, then the right one twice, against a store with these faults. */
async function activation(
  app: TestApp,
  name: string,
  faults: readonly Fault[],
  secrets: Secrets,
): Promise<void> {
  const store = await startStore({
    now: clock.now,
    faults,
    log: () => {
      noteSecrets(name, store, secrets);
    },
  });
  const { popupUrl, successCallbackUrl } = await store.activate(newIntegration(app, store).id);
  const [adminKey = ''] = /[0-9a-f]{64}/.exec(successCallbackUrl) ?? [];
  secrets.set(`${name}: key of the admin`, adminKey);
  const visitor = app.visitor();
  const { fields } = await openPopup(visitor, popupUrl);
  await sendForm(visitor, fields, { ...merchant, password: wrongPassword });
  await sendForm(visitor, fields);
  // An exchange whose grant was lost keeps its lease for a minute.
  clock.advance(61);
  await sendForm(visitor, fields);
}

/** What the store's tables hold now; each step of the exchange puts another token in them. */
function noteSecrets(name: string, store: SampleStore, secrets: Secrets): void {
  for (const { consumerSecret, tokens } of store.integrations()) {
    secrets.set(`${name}: consumer secret`, consumerSecret);
    for (const { type, token, secret, verifier } of tokens) {
      secrets.set(`${name}: ${type} token`, token);
      secrets.set(`${name}: ${type} token secret`, secret);
      secrets.set(`${name}: verifier`, verifier);
    }
  }
}

/** Signs in, looks at every store, checks, reveals with a wrong and the right password, disconnects one. */
async function operatorsDay(app: TestApp): Promise<void> {
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
  const [page = ''] = pages;
  const question = await visitor.get(`${page}/disconnect`);
  await send(`${page}/disconnect`, question.text);
  await visitor.get('/console');
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

/** The answers but for the two that are there to tell a secret: the revealed page, and the way back to Magento. */
function toldBy(answers: readonly Answer[]): Places {
  return answers
    .filter(({ request, status }) => !(request.endsWith('/reveal') && status === 200))
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
    case 'list':
      return JSON.stringify(await client.lrange(key, 0, -1));
    default:
      throw new Error(`the test cannot read a ${type}`);
  }
}

/** Every file of the server: its log of writes holds what the keys held before. */
function writtenBy({ folder }: TestRedis): Places {
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

const { app, redis, answers, secrets } = await wholeStory();
const client = redis.client();
const withoutSessions: Secrets = new Map(
  [...secrets].filter(([name]) => !name.startsWith('session')),
);

describe('of the secrets of every kind of activation', () => {
  it('there are enough to look for, of each kind', () => {
    const kinds = [...secrets.keys()].map((name) => name.replace(/^.*: |(?<=session) .*/g, ''));

    const count = (kind: string) => kinds.filter((one) => one === kind).length;

    expect(count('consumer secret')).toBe(7);
    expect(count('verifier')).toBe(7);
    expect(count('key of the admin')).toBe(7);
    expect(count('request token')).toBeGreaterThanOrEqual(4);
    expect(count('request token secret')).toBeGreaterThanOrEqual(4);
    expect(count('access token')).toBeGreaterThanOrEqual(4);
    expect(count('access token secret')).toBeGreaterThanOrEqual(4);
    expect(count('session')).toBeGreaterThan(10);
    expect([...secrets.values()].every((value) => value.length >= 16)).toBe(true);
  });

  it('none stands in the log', () => {
    const found = leaks(secrets, [['the log', app.logged()]]);

    expect(app.logged()).toContain('"event":"secrets_revealed"');
    expect(app.logged()).toContain('"code":"grant_lost"');
    expect(found).toEqual([]);
  });

  it('none stands in an answer, but on the page that reveals them', () => {
    const told = toldBy(answers);

    const found = leaks(secrets, told);

    const statuses = new Set(answers.map(({ status }) => status));
    const revealed = answers.filter(({ text }) => leaks(secrets, [['', text]]).length > 0);
    expect([...statuses].sort()).toEqual([200, 303, 401, 409, 502]);
    expect(told.length).toBeGreaterThan(40);
    expect(revealed.length).toBeGreaterThan(0);
    expect(found).toEqual([]);
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

    const found = leaks(withoutSessions, kept);

    expect(kept.map(([place]) => place)).toEqual(
      expect.arrayContaining(
        ['activation:', 'credential:', 'account:', 'session:'].map((kind): unknown =>
          expect.stringContaining(`${app.prefix}${kind}`),
        ),
      ),
    );
    expect(found).toEqual([]);
  });

  it('none stands on the disk in clear, nor ever stood there', () => {
    const written = writtenBy(redis);

    const found = leaks(withoutSessions, written);

    const bytes = written.map(([, text]) => text).join('');
    expect(bytes).toContain(`${app.prefix}activation:`);
    expect(bytes).toContain('heldToken');
    expect(found).toEqual([]);
  });

  it('each would be found, had it been written once and removed again', async () => {
    const key = `${app.prefix}planted`;
    await client.set(key, [...withoutSessions.values()].join(' '));
    const kept = leaks(withoutSessions, await keptIn(client));
    await client.del(key);

    const written = leaks(withoutSessions, writtenBy(redis));

    expect(kept).toHaveLength(withoutSessions.size);
    expect(written).toHaveLength(withoutSessions.size);
  });
});
