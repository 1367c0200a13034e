import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { newDataDir } from '../redis/support.js';
import { untilClosed } from '../support/until-closed.js';
import { embeddedRedis, environment, startMain, untilRefused } from './child.js';
import { signingIn } from './signing-in.js';

/** A connection that keeps what it has read. */
async function openConnection(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'connect');
  return { socket, text: () => text, closed: untilClosed(socket) };
}

/** Sends a request up to the middle of its body, and lets the app take it up. */
async function beginRequest(socket: Socket, url: string): Promise<void> {
  socket.write(
    `POST /endpoint HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\nname=`,
  );
  await fetch(`${url}/healthz`, { headers: { Connection: 'close' } });
}

describe('a running app', () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`answers the sign-in that is under way after ${signal}, then exits with 0`, async () => {
      const { app, store, activation, answer } = await signingIn(700);

      app.kill(signal);
      await untilRefused(app.url);
      const response = await answer;

      const { code, stderr } = await app.ended;
      expect(response.status).toBe(303);
      expect(response.headers['location']).toBe(activation.successCallbackUrl);
      expect(store.integrations()).toMatchObject([{ status: 'active' }]);
      expect(app.lines().at(-1)).toMatchObject({ event: 'stopped' });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    });
  }

  it('ends an exchange whose browser has left before it stops, and keeps what was granted', async () => {
    const { app, dataDir, answer, leave } = await signingIn(700);
    leave();
    await answer.catch(() => undefined);

    app.kill('SIGTERM');

    const { code } = await app.ended;
    expect(code).toBe(0);
    await startMain(environment(dataDir));
    expect(await embeddedRedis(dataDir).keys('mi:credential:*')).toHaveLength(1);
  });

  for (const [first, second] of [
    ['SIGTERM', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGINT'],
  ] as const) {
    it(`exits with 1 at once when ${second} follows ${first}`, async () => {
      const { app, answer } = await signingIn(10_000);
      const outcome = answer.then(
        () => 'answered',
        () => 'cut off',
      );
      app.kill(first);
      await untilRefused(app.url);

      app.kill(second);

      const { code } = await app.ended;
      expect(code).toBe(1);
      expect(app.lines().map(({ event }) => event)).not.toContain('stopped');
      expect(await outcome).toBe('cut off');
    });
  }

  it('is not ready while it stops', async () => {
    const app = await startMain(environment(await newDataDir()));
    const { socket, text, closed } = await openConnection(app.url);
    await beginRequest(socket, app.url);

    app.kill('SIGTERM');
    await untilRefused(app.url);
    socket.write('mia!GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n');
    await closed;

    const { code } = await app.ended;
    expect(text()).toMatch(/^HTTP\/1\.1 400 .*HTTP\/1\.1 503 .*not ready$/s);
    expect(code).toBe(0);
  });

  it('does not wait for a browser that keeps its connection open', async () => {
    const app = await startMain(environment(await newDataDir()));
    const { socket, text, closed } = await openConnection(app.url);
    await beginRequest(socket, app.url);
    app.kill('SIGTERM');
    await untilRefused(app.url);
    const begin = performance.now();

    socket.write('mia!');
    await closed;
    await app.ended;

    expect(text()).toMatch(/^HTTP\/1\.1 400 /);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});
