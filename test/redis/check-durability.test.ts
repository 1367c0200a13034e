import { describe, expect, it } from '@jest/globals';
import { openRedis } from '../../src/redis/open-redis.js';
import { startRedis, type TestRedisOptions } from '../support/start-redis.js';
import { captureLog, embedded, newDataDir } from './support.js';

async function openOn(options: TestRedisOptions, user?: { name: string; rules: string[] }) {
  const server = await startRedis({ tcp: true, ...options });
  const url = new URL(server.url);
  if (user) {
    await server.client().acl('SETUSER', user.name, 'on', '>pass', '~*', ...user.rules);
    Object.assign(url, { username: user.name, password: 'pass' });
  }
  const captured = captureLog();
  const opening = openRedis(embedded(await newDataDir(), { url: url.href }), captured.log);
  return { opening, lines: captured.lines };
}

const evicting = ['--maxmemory', '64mb', '--maxmemory-policy', 'volatile-lru'];
const noConfig = { name: 'no-config', rules: ['+@all', '-config'] };
const noInfoEither = { name: 'nothing', rules: ['+@all', '-config', '-info'] };

describe('a server that may evict', () => {
  it('is refused', async () => {
    const { opening } = await openOn({ appendfsync: 'always', args: evicting });

    await expect(opening).rejects.toMatchObject({
      code: 'wrong_setting',
      message: expect.stringMatching(/maxmemory-policy is volatile-lru/),
    });
  });

  it('is refused where CONFIG is closed to us', async () => {
    const { opening } = await openOn({ appendfsync: 'always', args: evicting }, noConfig);

    await expect(opening).rejects.toMatchObject({ code: 'wrong_setting' });
  });

  it('is taken when its memory has no limit, so that it never will', async () => {
    const args = ['--maxmemory-policy', 'allkeys-lru'];
    const { opening, lines } = await openOn({ appendfsync: 'always', args });

    await (await opening).close();

    expect(lines).toEqual([]);
  });
});

describe('a server that may lose acknowledged writes', () => {
  const cases: [string, TestRedisOptions, string[]][] = [
    ['has no append-only file', {}, ['appendonly yes', 'appendfsync always']],
    ['writes it every second', { appendfsync: 'everysec' }, ['appendfsync always']],
  ];
  for (const [name, options, missing] of cases) {
    it(`is named in one warning: ${name}`, async () => {
      const { opening, lines } = await openOn(options);

      await (await opening).close();

      expect(lines).toMatchObject([
        { level: 'warn', event: 'redis_not_durable', missing, unchecked: [] },
      ]);
    });
  }
});

describe('a server that does not tell', () => {
  it('is asked by INFO, and the warning names what INFO leaves out', async () => {
    const { opening, lines } = await openOn({ appendfsync: 'always' }, noConfig);

    await (await opening).close();

    expect(lines).toMatchObject([
      { event: 'redis_not_durable', missing: [], unchecked: ['appendfsync'] },
    ]);
  });

  it('is named as missing what INFO does tell', async () => {
    const { opening, lines } = await openOn({}, noConfig);

    await (await opening).close();

    expect(lines).toMatchObject([
      { event: 'redis_not_durable', missing: ['appendonly yes'], unchecked: ['appendfsync'] },
    ]);
  });

  it('is used with a warning when it refuses INFO as well', async () => {
    const { opening, lines } = await openOn({}, noInfoEither);

    await (await opening).close();

    expect(lines).toMatchObject([
      {
        event: 'redis_not_durable',
        missing: [],
        unchecked: ['maxmemory', 'maxmemory-policy', 'appendonly', 'appendfsync'],
      },
    ]);
  });
});
