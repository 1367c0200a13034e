import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { startApp } from '../support/start-app.js';
import { startServer } from '../support/start-server.js';

const app = await startApp();
const { url } = await startServer(app);

const form = new URLSearchParams(activationForm()).toString();
const chunk = [form.length.toString(16), form, '0', '', ''];
const whole = `Content-Length: ${form.length}`;
const chunked = 'Transfer-Encoding: chunked';

/** Every key but the counts of visits. */
async function storedKeys(): Promise<string[]> {
  const keys = await app.redis.keys(`${app.prefix}*`);
  return keys.filter((key) => !key.includes(':limit:')).sort();
}

/** What two servers in a row may read as different requests: headers after the type, and the body. */
const ambiguous: Readonly<
  Record<string, readonly [headers: readonly string[], body: readonly string[]]>
> = {
  'a length and chunks': [[whole, chunked], chunk],
  'chunks and a length': [[chunked, 'Content-Length: 4'], chunk],
  'two lengths': [[whole, 'Content-Length: 4'], [form]],
  'the same length twice': [[whole, whole], [form]],
  'a list of lengths': [[`${whole}, ${form.length}`], [form]],
  'a length with a sign': [['Content-Length: +10'], [form]],
  'a length in hexadecimal': [['Content-Length: 0x10'], [form]],
  'an unknown encoding': [['Transfer-Encoding: xchunked'], chunk],
  'chunks that are not the last encoding': [['Transfer-Encoding: chunked, identity'], chunk],
  'chunks twice': [[chunked, 'Transfer-Encoding: identity'], chunk],
  'a space before the colon': [[`Transfer-Encoding : chunked`, whole], [form]],
  'a tab before the colon': [[`Content-Length\t: ${form.length}`], [form]],
  'a folded header': [['Transfer-Encoding:', ' chunked', whole], [form]],
  'a bare line feed in a header': [[`X: y\n${chunked}`, whole], [form]],
  'a carriage return in a header': [[`X: y\r${chunked}`, whole], [form]],
  'a NUL in a header': [[`X: y\0`, whole], [form]],
  'a chunk size that is none': [[chunked], ['zz', form, '0', '', '']],
};

describe('a request that two servers may read in two ways', () => {
  for (const [what, [headers, body]] of Object.entries(ambiguous)) {
    it(`is refused with 400, and nothing comes of it: ${what}`, async () => {
      for (const page of ['/endpoint', '/checklogin']) {
        const [logged, keys] = [app.logged(), await storedKeys()];
        const heard = await rawRequest(url, [
          ...[`POST ${page} HTTP/1.1`, 'Host: localhost'],
          ...['Content-Type: application/x-www-form-urlencoded', ...headers, '', ...body],
        ]);

        expect(statusOf(heard)).toBe(400);
        expect(heard.split('HTTP/1.1 ')).toHaveLength(2);
        expect(app.logged().slice(logged.length)).not.toMatch(
          /activation_received|"answered":true/,
        );
        expect(await storedKeys()).toEqual(keys);
      }
    });
  }

  it('leaves nothing behind that is taken for the next request', async () => {
    const smuggled = `GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n`;

    const heard = await rawRequest(url, [
      ...['POST /endpoint HTTP/1.1', 'Host: localhost', chunked],
      ...[`Content-Length: ${smuggled.length + 5}`, '', '0', '', smuggled],
    ]);

    expect(statusOf(heard)).toBe(400);
    expect(heard).not.toContain('200');
  });

  it('is one of these alone: the same form is taken with a length, and in chunks', async () => {
    for (const [headers, body] of [
      [[whole], [form]],
      [[chunked], chunk],
    ] as const) {
      const heard = await rawRequest(url, [
        ...['POST /endpoint HTTP/1.1', 'Host: localhost', 'Connection: close'],
        ...['Content-Type: application/x-www-form-urlencoded', ...headers, '', ...body],
      ]);

      expect(statusOf(heard)).toBe(200);
    }
  });

  it('is refused without a Host header, or with two', async () => {
    for (const hosts of [
      [],
      ['Host: localhost', 'Host: localhost'],
      ['Host: localhost', 'Host: evil'],
    ]) {
      for (const page of ['/endpoint', '/checklogin']) {
        const heard = await rawRequest(url, [
          ...[`POST ${page} HTTP/1.1`, ...hosts, 'Connection: close', whole],
          ...['Content-Type: application/x-www-form-urlencoded', '', form],
        ]);

        expect(statusOf(heard)).toBe(400);
      }
    }
  });
});
