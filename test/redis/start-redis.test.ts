import { existsSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { startRedis } from '../support/start-redis.js';

it('gives a real server on a Unix socket, and leaves nothing behind', async () => {
  const redis = await startRedis();

  expect(await redis.client().set('a', '1')).toBe('OK');
  await redis.stop();

  expect(existsSync(redis.folder)).toBe(false);
  expect(() => process.kill(redis.pid, 0)).toThrow('ESRCH');
});

it('gives a port when asked', async () => {
  const redis = await startRedis({ tcp: true, appendfsync: 'always' });
  const { port } = new URL(redis.url);

  const overTcp = redis.client();

  expect(await overTcp.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
  expect(await overTcp.config('GET', 'port')).toEqual(['port', port]);
});
