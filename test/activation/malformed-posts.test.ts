import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { startApp } from '../support/start-app.js';

const app = await startApp();
const fields = [
  'oauth_consumer_key',
  'oauth_consumer_secret',
  'oauth_verifier',
  'store_base_url',
] as const;

/** Everything under the app's prefix: what a refused POST must leave as it is. */
async function everyKey(): Promise<string[]> {
  return (await app.redis.keys(`${app.prefix}*`)).sort();
}

async function send(body: string, query = ''): Promise<number> {
  const response = await app
    .visitor()
    .post(`/endpoint${query}`)
    .set('Content-Type', 'application/x-www-form-urlencoded')
    .send(body);
  return response.status;
}

function encoded(form: Record<string, string>): string {
  return new URLSearchParams(form).toString();
}

const good = 'a'.repeat(32);
const strange = [
  '',
  ' ',
  good.slice(1),
  `${good}a`,
  good.toUpperCase(),
  `${good.slice(1)}A`,
  ...['\0', '\r\n', '\n', '\t', '*', '{', '}', '{}', ':', '?', '[', '\\', '"', "'", '%', '/'].map(
    (mark) => good.slice(mark.length) + mark,
  ),
  ...['é', 'а', '１', '٣', '\u200b', '\u202e', '\u2028', '😀', '\ufeff'].map(
    (mark) => good.slice(1) + mark,
  ),
  `${good}\n`,
  `\n${good}`,
  `${good}\0`,
  `../${good.slice(3)}`,
  'undefined',
  'null',
  '__proto__',
  'constructor',
  'x'.repeat(500),
];

const brackets = ['[]', '[0]', '[x]', '[__proto__]', '[constructor][prototype]', '.x', '[', ']'];

describe('a POST to the endpoint with', () => {
  it(`a key, a secret or a verifier of ${strange.length} strange kinds is refused, and stores nothing`, async () => {
    const before = await everyKey();

    const statuses: number[] = [];
    for (const value of strange) {
      for (const field of fields.slice(0, 3)) {
        statuses.push(await send(encoded(activationForm({ [field]: value }))));
      }
    }

    expect(new Set(statuses)).toEqual(new Set([400]));
    expect(await everyKey()).toEqual(before);
  });

  it('a field in brackets of any kind is refused, and pollutes nothing', async () => {
    const before = await everyKey();

    const statuses: number[] = [];
    for (const bracket of brackets) {
      for (const field of fields) {
        const { [field]: value = '', ...rest } = activationForm();
        statuses.push(
          await send(`${encoded(rest)}&${field}${bracket}=${encodeURIComponent(value)}`),
        );
      }
    }

    expect(new Set(statuses)).toEqual(new Set([400]));
    expect(await everyKey()).toEqual(before);
  });

  it('each field twice is refused, in either order, and so is one whose field is in the address', async () => {
    const before = await everyKey();

    const statuses: number[] = [];
    for (const field of fields) {
      const form = activationForm();
      const other = encoded({ [field]: form[field] ?? '' });
      statuses.push(
        await send(`${encoded(form)}&${other}`),
        await send(`${other}&${encoded(form)}`),
      );
      const { [field]: _, ...rest } = form;
      statuses.push(await send(encoded(rest), `?${other}`));
    }

    expect(new Set(statuses)).toEqual(new Set([400]));
    expect(await everyKey()).toEqual(before);
  });

  it('names of the language itself beside the fields is taken without them, and pollutes nothing', async () => {
    const form = activationForm();

    const status = await send(
      `${encoded(form)}&__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=1`,
      '?__proto__[polluted]=1',
    );

    expect(status).toBe(200);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(
      JSON.stringify(await app.deps.activations.find(form['oauth_consumer_key']!)),
    ).not.toMatch(/polluted|proto/);
  });

  it('thousands of fields is refused with 413, and stores nothing', async () => {
    const before = await everyKey();
    const form = encoded(activationForm());

    const statuses = [
      await send(`${form}&${Array.from({ length: 4_000 }, (_, n) => `f${n}=`).join('&')}`),
      await send(`${'&'.repeat(4_000)}${form}`),
      await send(`${'a&'.repeat(100)}${form}`),
      await send(`${form}&${'%5B'.repeat(1_500)}=`),
    ];

    expect(new Set(statuses)).toEqual(new Set([413]));
    expect(await everyKey()).toEqual(before);
  });

  it('another type than a form, or none, is refused with 415, whatever its body', async () => {
    const before = await everyKey();
    const body = encoded(activationForm());
    const types = [
      ...['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'x', ','],
      ...[
        'application/x-www-form-urlencoded-not',
        'application/x-www-form-urlencoded; charset=utf-7',
      ],
    ];

    for (const type of [...types.map((name) => [`Content-Type: ${name}`]), []]) {
      for (const sent of [body, JSON.stringify(activationForm()), '{', '']) {
        const heard = await rawRequest(app.url, [
          ...['POST /endpoint HTTP/1.1', 'Host: localhost', 'Connection: close', ...type],
          ...[`Content-Length: ${sent.length}`, '', sent],
        ]);

        expect(statusOf(heard)).toBe(415);
      }
    }
    expect(await everyKey()).toEqual(before);
  });

  it('its fields in the address and another method is refused, and no log holds them', async () => {
    const form = activationForm();
    for (const method of ['get', 'put', 'head', 'delete', 'patch', 'options', 'trace'] as const) {
      const response = await app.visitor()[method](`/endpoint?${encoded(form)}`);

      expect(response.status).toBe(405);
      expect(response.headers['allow']).toBe('POST');
    }
    expect(await send('', `?${encoded(form)}`)).toBe(400);

    for (const value of Object.values(form).slice(0, 2)) expect(app.logged()).not.toContain(value);
  });

  it('whatever it holds leaves a log of one JSON object a line', () => {
    const lines = app.logged().trimEnd().split('\n');

    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(JSON.parse(line)).toBeInstanceOf(Object);
  });
});
