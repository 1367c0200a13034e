import { describe, expect, it } from '@jest/globals';
import { isServing } from '../../src/redis/is-serving.js';
import { openRedis } from '../../src/redis/open-redis.js';
import { startRedis, type TestRedisOptions } from '../support/start-redis.js';
import { embedded, newDataDir, silent, timed } from './support.js';

async function startAndOpen(options: TestRedisOptions = {}) {
  const server = await startRedis({ tcp: true, ...options });
  const service = await openRedis(embedded(await newDataDir(), { url: server.url }), silent);
  return { server, service, admin: server.client() };
}

describe('isServing', () => {
  it('says yes of a server that takes writes', async () => {
    const { service } = await startAndOpen();

    expect(await isServing(service.client, 'mi:serving')).toBe(true);
    await service.close();
  });

  it('says no of a full one, though it answers PING', async () => {
    const { service, admin } = await startAndOpen();
    await admin.config('SET', 'maxmemory', '1');

    expect(await isServing(service.client, 'mi:serving')).toBe(false);
    expect(await service.client.ping()).toBe('PONG');
    await service.close();
  });

  it('says no of a replica', async () => {
    const { service, admin } = await startAndOpen();
    await admin.replicaof('127.0.0.1', 1);

    expect(await isServing(service.client, 'mi:serving')).toBe(false);
    await service.close();
  });

  it('says no within 1.2 s of one that hangs, and yes when it goes on', async () => {
    const { server, service } = await startAndOpen();
    process.kill(server.pid, 'SIGSTOP');

    const { ms, outcome } = await timed(isServing(service.client, 'mi:serving'));
    process.kill(server.pid, 'SIGCONT');

    expect(outcome).toBe(false);
    expect(ms).toBeLessThan(1_200);
    expect(await isServing(service.client, 'mi:serving')).toBe(true);
    await service.close();
  });

  it('says no of one that is gone, and of a closed client', async () => {
    const { server, service } = await startAndOpen();
    const lost = new Promise((resolve) => service.client.once('close', resolve));
    await server.stop();
    await lost;

    expect(await isServing(service.client, 'mi:serving')).toBe(false);
    await service.close();
    expect(await isServing(service.client, 'mi:serving')).toBe(false);
  });
});
