import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { newDataDir } from '../redis/support.js';
import { activationForm } from '../support/activation.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { slowClient, type Slowness } from '../support/slow-clients.js';
import { environment, startMain } from './child.js';

const kinds: readonly Slowness[] = ['silent', 'headers', 'body'];
const paths = ['/endpoint', '/checklogin'];

describe('an app as it is started', () => {
  it('cuts off 400 slow clients after 15 seconds, and answers all others meanwhile', async () => {
    const app = await startMain(environment(await newDataDir(), { MAX_PENDING: '100000' }));
    const clients = Array.from({ length: 400 }, (_, n) =>
      slowClient(app.url, kinds[n % 3]!, { path: paths[n % 2]!, everyMs: 500 }),
    );
    const startedAt = performance.now();
    const endedAfter: number[] = [];
    for (const { ended } of clients) {
      void ended.then(() => endedAfter.push(performance.now() - startedAt));
    }

    const statuses: number[] = [];
    while (endedAfter.length < clients.length) {
      const answers = [
        await supertest(app.url).post('/endpoint').type('form').send(activationForm()),
        await supertest(app.url).get('/console/sign-in'),
      ];
      statuses.push(...answers.map(({ status }) => status));
    }

    expect(Math.max(...endedAfter)).toBeLessThan(30_000);
    expect(statuses.length).toBeGreaterThan(20);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }, 60_000);

  it('parses strictly, whatever NODE_OPTIONS says', async () => {
    const app = await startMain(
      environment(await newDataDir(), { NODE_OPTIONS: '--insecure-http-parser' }),
    );
    const form = new URLSearchParams(activationForm()).toString();

    const heard = await rawRequest(app.url, [
      ...['POST /endpoint HTTP/1.1', 'Host: localhost', 'Connection: close'],
      ...['Content-Type: application/x-www-form-urlencoded', 'Transfer-Encoding: chunked'],
      ...[`Content-Length: ${form.length}`, '', form.length.toString(16), form, '0', '', ''],
    ]);

    expect(statusOf(heard)).toBe(400);
    expect(app.stdout()).not.toContain('activation_received');
  });
});
