import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { AppError } from '../../src/errors.js';
import { errorInLog } from '../../src/log/error-in-log.js';
import { redisClient } from '../../src/redis/redis-client.js';
import { startRedis } from '../support/start-redis.js';

const sentinel = 'sentinel0123456789abcdefghijklmn';

const server = await startRedis();
const client = server.client();
await client.call('ACL', 'SETUSER', 'reader', 'on', '>pass', '~*', '+@all', '-set', '-eval');
await client.set('text', 'x');
const unconnected = redisClient({ path: server.socketPath });
afterAll(() => {
  unconnected.disconnect();
});

async function failureOf(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('this was to fail');
}

async function withoutRights(): Promise<Redis> {
  const reader = server.client({ username: 'reader', password: 'pass' });
  await once(reader, 'ready');
  return reader;
}

/** What other people's code throws with the sentinel in hand, and what is written of its message. */
const failures: Record<string, readonly [work: () => unknown, written: unknown]> = {
  'a write that Redis does not permit': [
    async () => (await withoutRights()).set(sentinel, sentinel),
    'NOPERM',
  ],
  'a script that Redis does not permit': [
    async () => (await withoutRights()).eval('return 1', 1, sentinel, sentinel),
    'NOPERM',
  ],
  'a name and a password that Redis does not know': [() => client.auth('u', sentinel), 'WRONGPASS'],
  'a record of another type': [() => client.lpush('text', sentinel), 'WRONGTYPE'],
  'a script that fails with words of its own': [
    () => client.eval('return redis.error_reply("ERR " .. ARGV[1])', 0, sentinel),
    'ERR',
  ],
  'a command that Redis does not know': [() => client.call(sentinel), 'ERR'],
  'a command without an answer in time': [
    () => server.client({ commandTimeout: 1 }).blpop(sentinel, 1),
    'Command timed out',
  ],
  'a command without a connection': [
    () => unconnected.set(sentinel, sentinel),
    "Stream isn't writeable and enableOfflineQueue options is false",
  ],
  'a record that is no JSON': [(): unknown => JSON.parse(`{"secret":"${sentinel}"`), undefined],
  'a record that is no JSON at all': [(): unknown => JSON.parse(sentinel), undefined],
  'a record of another shape': [
    () =>
      z
        .object({ secret: z.literal(['a', 'b']), at: z.number() })
        .parse({ secret: sentinel, at: sentinel, [sentinel]: 1 }),
    'invalid_value, invalid_type',
  ],
  'a record with a field too many': [
    () => z.strictObject({}).parse({ [sentinel]: 1 }),
    'unrecognized_keys',
  ],
  'an address that is none': [() => new URL(`//${sentinel}`), undefined],
  'an argument that Node.js refuses': [
    () => Buffer.from('a').fill(sentinel, 0, 1, sentinel as 'hex'),
    undefined,
  ],
  'a text where an object belongs': [() => 'secret' in (sentinel as unknown as object), undefined],
  'a text that cannot be changed': [
    () => Object.assign(sentinel as unknown as object, { 0: 'x' }),
    undefined,
  ],
  'a file that is not there': [() => readFileSync(`/nowhere/${sentinel}`), 'open ENOENT'],
  'a port that nobody listens on': [
    () => once(connect(1, '127.0.0.1'), 'connect'),
    'connect ECONNREFUSED 127.0.0.1 1',
  ],
  'an error that says what it was about': [
    () => {
      throw new Error(`no ${sentinel}\nin this line either: ${sentinel}`);
    },
    undefined,
  ],
  'a message that looks like a place in the code': [
    () => {
      throw new Error(`x\n    at ${sentinel} (file:///x.js:1:1)\n    at ${sentinel} (x.js:1:1)`);
    },
    undefined,
  ],
  'an error that was given another message later': [
    () => {
      const error = new Error(`about ${sentinel}`);
      error.message = `template ${sentinel}`;
      throw error;
    },
    undefined,
  ],
  'a name and a code that are texts': [
    () => {
      throw Object.assign(new Error('x'), { name: `name ${sentinel}`, code: `code ${sentinel}` });
    },
    undefined,
  ],
  'more than an error has': [
    () => {
      throw Object.assign(new Error('x'), { command: { args: [sentinel] }, input: sentinel });
    },
    undefined,
  ],
  'a cause that says it': [
    () => {
      throw new Error('x', { cause: new Error(sentinel) });
    },
    undefined,
  ],
};

describe('of an error, the log', () => {
  for (const [what, [work, message]] of Object.entries(failures)) {
    it(`repeats nothing of ${what}, and says where it was thrown`, async () => {
      const error = await failureOf(work);

      const written = errorInLog(error);

      expect(JSON.stringify(written)).not.toMatch(/sentinel/i);
      expect(written.message).toBe(message);
      expect(written.name).toMatch(/^[A-Za-z]*Error$/);
      if (error.stack?.includes('\n    at '))
        expect(written.stack).toMatch(/^ {4}at .+:\d+:\d+\)?$/m);
    });
  }

  it('has the message and the code of one of ours, and those of its causes', () => {
    const error = new AppError('store_failed', 'the store answered 500', {
      cause: new AppError('store_timeout', 'no answer', { cause: new TypeError('x') }),
    });

    expect(errorInLog(error)).toMatchObject({
      name: 'AppError',
      code: 'store_failed',
      message: 'the store answered 500',
      stack: expect.stringMatching(/^ {4}at .*error-in-log\.test\.ts:\d+:\d+/),
      cause: { code: 'store_timeout', message: 'no answer', cause: { name: 'TypeError' } },
    });
  });

  it('cuts a long message, and a chain of causes that goes in a circle', () => {
    const error = new AppError('store_failed', 'm'.repeat(10_000));
    error.cause = error;

    const text = JSON.stringify(errorInLog(error));

    expect(text).toContain('mmm…');
    expect(text.length).toBeLessThan(20_000);
  });

  it('says of what is none no more than that', () => {
    expect([sentinel, { message: sentinel }, undefined, 7].map((one) => errorInLog(one))).toEqual(
      ['string', 'object', 'undefined', 'number'].map((name) => ({ name })),
    );
  });
});
