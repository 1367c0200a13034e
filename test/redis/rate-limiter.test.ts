import { describe, expect, it } from '@jest/globals';
import { openRedis } from '../../src/redis/open-redis.js';
import { rateLimiter } from '../../src/redis/rate-limiter.js';
import { startRedis } from '../support/start-redis.js';
import { embedded, newDataDir, silent } from './support.js';

const window = { name: 'tries', seconds: 60 };

async function startAndOpen() {
  const server = await startRedis({ tcp: true });
  const service = await openRedis(embedded(await newDataDir(), { url: server.url }), silent);
  return { server, client: service.client, close: () => service.close() };
}

describe('rateLimiter', () => {
  it('counts for all processes, and by key', async () => {
    const { server, client, close } = await startAndOpen();
    const other = server.client();
    await other.ping();
    const here = rateLimiter(client, 'mi:', window);
    const there = rateLimiter(other, 'mi:', window);

    await here.add('ada', 2);
    await there.add('ada', 1);
    await there.add('grace', 1);
    const seen = await here.add('ada', 0);

    expect(seen.count).toBe(3);
    expect(seen.resetMs).toBeGreaterThan(1_000);
    expect(seen.resetMs).toBeLessThanOrEqual(60_000);
    await close();
  });

  it('begins anew when its window is over, and when it is cleared', async () => {
    const { client, close } = await startAndOpen();
    const limiter = rateLimiter(client, 'mi:', window);
    await limiter.add('ada', 5);
    await limiter.add('grace', 5);

    await client.pexpire('mi:limit:tries:ada', 1);
    await limiter.clear('grace');
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect((await limiter.add('ada', 1)).count).toBe(1);
    expect((await limiter.add('grace', 1)).count).toBe(1);
    await close();
  });

  it('counts in memory while Redis is gone, and in Redis again when it is back', async () => {
    const { server, client, close } = await startAndOpen();
    const limiter = rateLimiter(client, 'mi:', window);
    await limiter.add('ada', 1);

    await server.kill();
    const without = [await limiter.add('ada', 1), await limiter.add('ada', 1)];
    await limiter.clear('ada');
    const cleared = await limiter.add('ada', 1);
    await server.revive();
    while (client.status !== 'ready') await new Promise((resolve) => setTimeout(resolve, 20));
    await limiter.add('grace', 1);

    expect(without.map(({ count }) => count)).toEqual([1, 2]);
    expect(cleared.count).toBe(1);
    expect(await client.get('mi:limit:tries:grace')).toBe('1');
    await close();
  });

  it('counts in memory while Redis hangs or takes no writes', async () => {
    const { server, client, close } = await startAndOpen();
    const limiter = rateLimiter(client, 'mi:', window);

    await server.client().config('SET', 'maxmemory', '1');
    const full = [await limiter.add('ada', 1), await limiter.add('ada', 1)];
    process.kill(server.pid, 'SIGSTOP');
    const hung = await limiter.add('ada', 1);
    process.kill(server.pid, 'SIGCONT');

    expect([...full, hung].map(({ count }) => count)).toEqual([1, 2, 3]);
    await close();
  });

  it('counts on the stand-in', async () => {
    const service = await openRedis(embedded(await newDataDir(), { searchPath: '' }), silent);
    const limiter = rateLimiter(service.client, 'mi:', window);

    await limiter.add('ada', 2);

    expect(await limiter.add('ada', 1)).toMatchObject({ count: 3 });
    expect(await service.client.get('mi:limit:tries:ada')).toBe('3');
    await service.close();
  });
});
