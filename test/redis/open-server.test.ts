import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { openRedis } from '../../src/redis/open-redis.js';
import type { RedisService } from '../../src/redis/redis-service.js';
import { startRedis, type TestRedis } from '../support/start-redis.js';
import { captureLog, embedded, newDataDir, timed } from './support.js';

const password = 'hush-hush';

async function open(url: string, captured = captureLog()): Promise<RedisService> {
  return openRedis(embedded(await newDataDir(), { url }), captured.log);
}

async function startAndOpen(captured = captureLog()) {
  const server = await startRedis({ tcp: true, appendfsync: 'always' });
  return { server, captured, service: await open(server.url, captured) };
}

function urlOf(server: TestRedis, changes: Partial<URL>): string {
  return Object.assign(new URL(server.url), changes).href;
}

describe('openRedis with REDIS_URL', () => {
  it('uses that server, that password and that database, and says nothing of a durable one', async () => {
    const server = await startRedis({
      tcp: true,
      appendfsync: 'always',
      args: ['--requirepass', password],
    });
    const captured = captureLog();

    const service = await open(urlOf(server, { password, pathname: '/3' }), captured);
    await service.client.set('a', '1');

    expect(service.kind).toBe('server');
    expect(await server.client({ password, db: 3 }).get('a')).toBe('1');
    expect(captured.lines).toEqual([]);
    await service.close();
  });

  it('waits for a server that is starting', async () => {
    const late = await startRedis({ tcp: true });
    process.kill(late.pid, 'SIGSTOP');
    const opening = open(late.url);
    setTimeout(() => process.kill(late.pid, 'SIGCONT'), 1_500);

    const service = await opening;

    expect(await service.client.ping()).toBe('PONG');
    await service.close();
  });

  it('gives up after 5 s when nobody answers', async () => {
    const port = await closedPort();

    const { ms, outcome } = await timed(open(`redis://:${password}@127.0.0.1:${port}`));

    expect(outcome).toBe(`Redis at 127.0.0.1:${port} cannot be used: ECONNREFUSED`);
    expect(ms).toBeGreaterThan(4_900);
    expect(ms).toBeLessThan(6_500);
  });

  it('gives up after 5 s when the line is open and silent', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };

    const { ms, outcome } = await timed(open(`redis://127.0.0.1:${port}`));

    expect(outcome).toMatch(/cannot be used/);
    expect(ms).toBeLessThan(6_500);
    server.close();
  });

  const refusals: Record<string, [Partial<URL>, string]> = {
    'a wrong password': [{ password: `wrong-${password}` }, 'WRONGPASS'],
    'a missing password': [{ password: '' }, 'NOAUTH'],
    'an unknown user': [{ username: 'nobody', password }, 'WRONGPASS'],
    'a database that is not there': [{ password, pathname: '/99' }, 'ERR'],
  };
  for (const [name, [changes, word]] of Object.entries(refusals)) {
    it(`refuses ${name} at once, without a password in the error or the log`, async () => {
      const server = await startRedis({ tcp: true, args: ['--requirepass', password] });
      const captured = captureLog();

      const error: unknown = await open(urlOf(server, changes), captured).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );

      expect(error).toMatchObject({
        code: 'redis_unavailable',
        message: expect.stringContaining(`the server answered ${word}`),
      });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
      expect(JSON.stringify(captured.lines)).not.toContain(password);
    });
  }
});

describe('the client', () => {
  it('fails within 1.2 s while the server hangs, and works again when it goes on', async () => {
    const { server, service } = await startAndOpen();
    await service.client.set('a', 'before');
    process.kill(server.pid, 'SIGSTOP');

    const { ms, outcome } = await timed(service.client.set('a', 'during'));
    process.kill(server.pid, 'SIGCONT');

    expect(outcome).toBe('Command timed out');
    expect(ms).toBeLessThan(1_200);
    // The command that "failed" was carried out: a timeout says nothing about that.
    expect(await service.client.get('a')).toBe('during');
    await service.close();
  });

  it('drops a connection that stays silent, and has a new one when the server goes on', async () => {
    const { server, service, captured } = await startAndOpen();
    process.kill(server.pid, 'SIGSTOP');
    const lost = new Promise((resolve) => service.client.once('close', resolve));
    const first = await timed(service.client.ping());

    await lost;
    const meanwhile = await timed(service.client.ping());
    const back = new Promise((resolve) => service.client.once('ready', resolve));
    process.kill(server.pid, 'SIGCONT');
    await back;

    expect(first.outcome).toBe('Command timed out');
    expect(meanwhile.ms).toBeLessThan(1_200);
    expect(await service.client.ping()).toBe('PONG');
    expect(captured.events()).toEqual(['redis_lost', 'redis_back']);
    await service.close();
  });

  it('sends a command once, even when the connection breaks before the answer', async () => {
    const { server, service } = await startAndOpen();
    const killer = server.client();
    const id = await service.client.client('ID');
    await killer.call('CLIENT', 'PAUSE', '300', 'WRITE');

    const answer = timed(service.client.incr('counter'));
    const again = new Promise((resolve) => service.client.once('ready', resolve));
    await killer.call('CLIENT', 'KILL', 'ID', String(id));
    await again;

    expect((await answer).outcome).toMatch(/max retries per request/);
    await killer.call('CLIENT', 'UNPAUSE');
    expect(Number(await service.client.get('counter'))).toBeLessThanOrEqual(1);
    await service.close();
  });

  it('logs a lost connection once and its return once, and fails at once between', async () => {
    const { server, service, captured } = await startAndOpen();
    const { client } = service;
    const attempts: unknown[] = [];
    client.on('reconnecting', () => attempts.push(0));
    const lost = new Promise((resolve) => client.once('close', resolve));
    const port = new URL(server.url).port;
    await server.stop();
    await lost;

    const { ms } = await timed(client.set('secret', 'S3CRET'));
    while (attempts.length < 3)
      await new Promise((resolve) => client.once('reconnecting', resolve));
    const back = new Promise((resolve) => client.once('ready', resolve));
    const revived = await startRedis({ tcp: true, args: ['--port', port] });
    await back;

    expect(ms).toBeLessThan(100);
    expect(captured.lines).toMatchObject([
      { level: 'warn', event: 'redis_lost', reason: expect.any(String) },
      { level: 'info', event: 'redis_back' },
    ]);
    expect(JSON.stringify(captured.lines)).not.toContain('S3CRET');
    await service.close();
    await revived.stop();
  });

  it('tells READONLY to the caller, and recovers when the server is a primary again', async () => {
    const { server, service } = await startAndOpen();
    const admin = server.client();
    await admin.replicaof('127.0.0.1', 1);

    const refused = await timed(service.client.set('a', '1'));
    const again = new Promise((resolve) => service.client.once('ready', resolve));
    await admin.replicaof('NO', 'ONE');
    await again;

    expect(refused.outcome).toMatch(/^READONLY/);
    expect(await service.client.set('a', '2')).toBe('OK');
    await service.close();
  });
});

describe('close', () => {
  it('ends what was sent, then the connection, without a word in the log', async () => {
    const { server, service, captured } = await startAndOpen();

    const written = service.client.set('a', '1');
    await service.close();

    expect(await written).toBe('OK');
    expect(service.client.status).toBe('end');
    expect(await server.client().client('LIST')).not.toContain('cmd=set');
    expect(captured.lines).toEqual([]);
  });

  it('ends within 2 s when the server hangs', async () => {
    const { server, service } = await startAndOpen();
    process.kill(server.pid, 'SIGSTOP');

    const { ms } = await timed(service.close());
    process.kill(server.pid, 'SIGCONT');

    expect(ms).toBeLessThan(2_200);
  });

  it('ends at once when the server is gone, and twice is fine', async () => {
    const { server, service } = await startAndOpen();
    const lost = new Promise((resolve) => service.client.once('close', resolve));
    await server.stop();
    await lost;

    const { ms } = await timed(service.close());
    await service.close();

    expect(ms).toBeLessThan(500);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
