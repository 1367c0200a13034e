import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { activationForm } from '../support/activation.js';
import { rawRequest, statusOf } from '../support/raw-request.js';
import { slowClient, type SlowClient, type Slowness } from '../support/slow-clients.js';
import { startApp } from '../support/start-app.js';
import { startServer } from '../support/start-server.js';
import { untilClosed } from '../support/until-closed.js';

const app = await startApp({ maxPending: 100_000 });
const short = { headersMs: 1_000, requestMs: 1_500, checkMs: 100 };

/** An activation on a connection of its own. Answers the status, 0 where there is no answer. */
async function activate(url: string, from = '127.0.0.1'): Promise<number> {
  const body = new URLSearchParams(activationForm()).toString();
  const sent = request(`${url}/endpoint`, {
    method: 'POST',
    localAddress: from,
    agent: false,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  sent.end(body);
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response.statusCode ?? 0;
  } catch {
    return 0;
  }
}

/** So many connections that stay silent, once they are all there. */
async function silentClients(url: string, count: number, from?: string): Promise<SlowClient[]> {
  const clients = Array.from({ length: count }, () =>
    slowClient(url, 'silent', { ...(from && { from }) }),
  );
  await Promise.all(clients.map(({ socket }) => once(socket, 'connect')));
  return clients;
}

describe('slow clients', () => {
  it('are all cut off, by 300 at once, while others are answered', async () => {
    const { url } = await startServer(app, short);
    const kinds: readonly Slowness[] = ['silent', 'headers', 'body'];
    const paths = ['/endpoint', '/checklogin', '/console/sign-in'];
    const clients = Array.from({ length: 300 }, (_, n) =>
      slowClient(url, kinds[n % 3]!, { path: paths[Math.floor(n / 3) % 3]! }),
    );
    const endings: string[] = [];
    for (const { ended } of clients) void ended.then((ending) => endings.push(ending));

    const statuses: number[] = [];
    while (endings.length < clients.length) statuses.push(await activate(url));

    expect(endings).toContain('408');
    expect(statuses.length).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('who do not read what they asked for are let go', async () => {
    const { server, url } = await startServer(app, { quietMs: 500 });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    const closed = once(server, 'connection').then(async ([accepted]) => {
      await untilClosed(accepted as typeof socket);
    });
    socket.write('GET /assets/style.css HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(5_000));

    await closed;

    socket.destroy();
    expect(await activate(url)).toBe(200);
  });

  it('who do not use their connection any more lose it', async () => {
    const { url } = await startServer(app, { idleMs: 300 });
    const lines = ['GET /healthz HTTP/1.1', 'Host: localhost', '', ''];

    const heard = await rawRequest(url, lines);

    expect(statusOf(heard)).toBe(200);
  });
});

describe('connections beyond the limit', () => {
  it('of one network are closed at once; other networks are served', async () => {
    const { url } = await startServer(app, { connectionsOfOneNetwork: 20 });
    const clients = await silentClients(url, 20);

    expect(await activate(url)).toBe(0);
    expect(await activate(url, '127.0.0.2')).toBe(200);
    for (const { socket } of clients) socket.destroy();
    await Promise.all(clients.map(({ ended }) => ended));
    let status = 0;
    while (status === 0) status = await activate(url);

    expect(status).toBe(200);
    const warnings = app
      .logged()
      .split('\n')
      .filter((line) => line.includes('connections_refused'));
    expect(warnings.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'warn', network: '127.0.0.1' },
    ]);
  });

  it('in all are closed at once, and there is room again when the slow ones are cut off', async () => {
    const { url } = await startServer(app, { ...short, connections: 30 });
    const clients = await silentClients(url, 30);

    const duringTheFlood = await activate(url, '127.0.0.2');
    let afterwards = 0;
    while (afterwards === 0) afterwards = await activate(url, '127.0.0.2');

    expect([duringTheFlood, afterwards]).toEqual([0, 200]);
    await Promise.all(clients.map(({ ended }) => ended));
  });

  it('are not counted for a trusted proxy, which stands for many', async () => {
    const { url } = await startServer(app, { connectionsOfOneNetwork: 5 }, ['loopback']);
    const clients = await silentClients(url, 20);

    expect(await activate(url)).toBe(200);
    for (const { socket } of clients) socket.destroy();
  });
});

describe('headers', () => {
  it('of more than 16 KiB are refused with 431, before anything is done', async () => {
    const { url } = await startServer(app);
    const before = app.logged();

    for (const page of ['/endpoint', '/checklogin']) {
      const heard = await rawRequest(url, [
        ...[`POST ${page} HTTP/1.1`, 'Host: localhost', `Cookie: ${'x'.repeat(17_000)}`, '', ''],
      ]);

      expect(statusOf(heard)).toBe(431);
    }
    expect(app.logged()).toBe(before);
  });
});
