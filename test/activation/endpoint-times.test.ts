import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createProxy, type AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { activationForm } from '../support/activation.js';
import { invite } from '../support/invited.js';
import { startApp } from '../support/start-app.js';
import { untilClosed } from '../support/until-closed.js';
import { startRedis } from '../support/start-redis.js';

const redis = await startRedis();
const app = await startApp({ redis });
const impatient = createServer(
  { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 },
  createApp(app.deps),
).listen(0, '127.0.0.1');
await once(impatient, 'listening');

afterEach(() => {
  process.kill(redis.pid, 'SIGCONT');
});

afterAll(async () => {
  impatient.closeAllConnections();
  impatient.close();
  await once(impatient, 'close');
});

/** Writes to the impatient server as a socket does, and answers all that comes back until it hangs up. */
async function talk(...lines: string[]): Promise<string> {
  const socket = connect((impatient.address() as AddressInfo).port, '127.0.0.1');
  socket.write(lines.join('\r\n'));
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk.toString()));
  await untilClosed(socket);
  return heard;
}

async function post(form: Record<string, string>, to = app, path = '/endpoint') {
  const startedAt = performance.now();
  const response = await to.visitor().post(path).type('form').send(form);
  return { status: response.status, ms: performance.now() - startedAt };
}

/** A way to Redis on which answers can be held up. */
async function slowAnswers() {
  const socketPath = `${redis.socketPath}.slow`;
  let delayMs = 0;
  const way = createProxy((near) => {
    const far = connect(redis.socketPath);
    near.pipe(far);
    far.on('data', (chunk) => setTimeout(() => near.write(chunk), delayMs));
    near.on('error', () => far.destroy());
    near.on('close', () => far.destroy());
  }).listen(socketPath);
  way.unref();
  await once(way, 'listening');
  return {
    socketPath,
    delay: (ms: number) => {
      delayMs = ms;
    },
  };
}

const head = ['POST /endpoint HTTP/1.1', 'Host: localhost', 'Connection: close'];
const formHead = [...head, 'Content-Type: application/x-www-form-urlencoded'];

describe('POST /endpoint, with a body that is slow or too large', () => {
  it('gives up on a body that does not come', async () => {
    const heard = await talk(...formHead, 'Content-Length: 100', '', 'oauth_consumer_key=');

    expect(heard).toMatch(/^HTTP\/1.1 408 /);
  });

  it('answers a body that is announced too large before it has come', async () => {
    const heard = await talk(...formHead, 'Content-Length: 5000', '', '');

    expect(heard).toMatch(/^HTTP\/1.1 413 /);
    expect(heard).toContain('too_large: ');
  });

  it('answers a body that turns out too large', async () => {
    const heard = await talk(
      ...formHead,
      'Transfer-Encoding: chunked',
      '',
      ...['1388', 'x'.repeat(5000), '0', '', ''],
    );

    expect(heard).toMatch(/^HTTP\/1.1 413 /);
  });

  it('refuses a compressed body and a foreign charset', async () => {
    const compressed = await talk(
      ...formHead,
      'Content-Encoding: gzip',
      'Content-Length: 0',
      '',
      '',
    );
    const foreign = await talk(
      ...head,
      'Content-Type: application/x-www-form-urlencoded; charset=utf-16',
      ...['Content-Length: 0', '', ''],
    );

    expect([compressed, foreign].map((heard) => heard.slice(9, 12))).toEqual(['415', '415']);
  });

  it('says nothing of a sender who leaves', async () => {
    const socket = connect((impatient.address() as AddressInfo).port, '127.0.0.1');
    const lines = () => app.logged().split('\n');
    const before = lines().length;
    socket.write([...formHead, 'Content-Length: 100', '', 'oauth'].join('\r\n'));
    await once(impatient, 'request');
    socket.destroy();
    while (
      !lines()
        .slice(before - 1)
        .join()
        .includes('"event":"activation_broken_off"')
    ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }

    expect(
      lines()
        .slice(before - 1)
        .join(),
    ).not.toContain('activation_refused');
  });
});

describe('POST /endpoint, while Redis does not answer', () => {
  it('answers 503 within 1.2 s, for a key that is new and for one that waits', async () => {
    const waiting = activationForm();
    expect((await post(waiting)).status).toBe(200);
    const { endpoint } = await invite(app);
    process.kill(redis.pid, 'SIGSTOP');

    const answers = await Promise.all([
      post(activationForm()),
      post(waiting),
      post(activationForm(), app, endpoint),
    ]);

    for (const { status, ms } of answers) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(1_200);
    }
  });

  it('answers 503 within 1.2 s when each of several answers takes its time', async () => {
    const slow = await slowAnswers();
    const far = await startApp({ redis: { ...redis, socketPath: slow.socketPath } });
    const waiting = activationForm();
    expect((await post(waiting, far)).status).toBe(200);
    const { endpoint } = await invite(far);
    slow.delay(600);

    const answers = await Promise.all([
      post(waiting, far),
      post(activationForm(), far, endpoint),
      post(waiting, far, endpoint),
    ]);

    for (const { status, ms } of answers) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(1_200);
    }
  });

  it('never answers 200 for what is not stored', async () => {
    const forms = Array.from({ length: 60 }, () => activationForm());
    const answers = forms.map(async (form, n) => {
      await new Promise((resolve) => setTimeout(resolve, n * 10));
      return (await post(form)).status;
    });
    setTimeout(() => process.kill(redis.pid, 'SIGSTOP'), 200);
    const statuses = await Promise.all(answers);
    process.kill(redis.pid, 'SIGCONT');

    const reader = redis.client();
    const stored = await Promise.all(
      forms.map((form) =>
        reader.exists(`${app.prefix}activation:{${form['oauth_consumer_key']!}}`),
      ),
    );
    expect(statuses).toContain(200);
    expect(statuses).toContain(503);
    expect(statuses.filter((status, n) => status === 200 && stored[n] === 0)).toEqual([]);
  });
});
