import { describe, expect, it } from '@jest/globals';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { startApp } from '../support/start-app.js';
import { startRedis } from '../support/start-redis.js';
import { startServer } from '../support/start-server.js';

const redis = await startRedis();
const app = await startApp({ redis });
const { url } = await startServer(app);

/** What would tell of the software behind an answer: its name, its version, a place in its code. */
const telling =
  /^(server|x-powered-by|via):|express|node|ioredis|\d+\.\d+\.\d+|\.[jt]s:\d|Error:/im;

const pages = [
  '/endpoint',
  '/login',
  '/checklogin',
  '/console',
  '/console/sign-in',
  '/healthz',
  '/no',
];

function ask(...lines: string[]): Promise<string> {
  return rawRequest(url, [...lines, 'Connection: close', '', '']);
}

async function everyAnswer(): Promise<string[]> {
  const heard: string[] = [];
  for (const page of pages) {
    for (const method of ['GET', 'POST', 'PUT']) {
      heard.push(await ask(`${method} ${page} HTTP/1.1`, 'Host: localhost', 'Accept: text/html'));
      heard.push(await ask(`${method} ${page}?%zz HTTP/1.1`, 'Host: localhost', 'Accept: */json'));
    }
    heard.push(await ask(`GET ${page} HTTP/1.1`, 'Host: evil.example'));
    heard.push(await ask(`GET ${page} HTTP/1.1`));
    heard.push(
      await ask(`GET ${page} HTTP/1.1`, 'Host: localhost', `Cookie: ${'x'.repeat(17_000)}`),
    );
    heard.push(await ask(`FOO ${page} HTTP/1.1`, 'Host: localhost'));
  }
  return heard;
}

/** A cookie is random, and a page may name releases of Magento. */
const harmless = /^set-cookie:.*$|\b2\.4\.[23]\b/gim;

/** Those that tell of it. */
function told(answers: readonly string[]): string[] {
  return answers.filter((answer) => telling.test(answer.replace(harmless, '')));
}

describe('no answer', () => {
  it('tells of the software behind it, its version or its code', async () => {
    const answers = await everyAnswer();

    expect(told(answers)).toEqual([]);
    const statuses = answers.map(statusOf);
    expect(statuses).toEqual(expect.arrayContaining([200, 303, 400, 404, 405, 415, 421, 431]));
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  });

  it('tells more while Redis is gone', async () => {
    await redis.stop();

    const answers = await everyAnswer();

    expect(told(answers)).toEqual([]);
    expect(answers.map(statusOf)).toContain(503);
    expect(answers.map(statusOf)).not.toContain(500);
  });
});
