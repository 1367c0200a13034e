import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { redisClient } from '../../src/redis/redis-client.js';
import { startRedis } from '../support/start-redis.js';

const redis = await startRedis();

/** A way to Redis that counts how often something arrives. */
async function countingWay() {
  const path = `${redis.socketPath}.counting`;
  let arrivals = 0;
  const way = createServer((near) => {
    const far = connect(redis.socketPath);
    near.on('data', () => (arrivals += 1));
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
  }).listen(path);
  way.unref();
  await once(way, 'listening');
  return { path, arrivals: () => arrivals };
}

describe('a client of Redis', () => {
  it('sends what is asked in one turn in one write, in its order', async () => {
    const way = await countingWay();
    const client = redisClient({ path: way.path });
    client.on('error', () => undefined);
    await client.connect();
    await client.ping();
    const before = way.arrivals();

    const replies = await Promise.all(Array.from({ length: 50 }, () => client.incr('counter')));

    expect(replies).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(way.arrivals() - before).toBe(1);
    client.disconnect();
  });
});
