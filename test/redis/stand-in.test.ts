import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openRedis } from '../../src/redis/open-redis.js';
import type { RedisSettings } from '../../src/redis/redis-service.js';
import { openInOtherProcess } from './other-process.js';
import { captureLog, embedded, newDataDir, silent, timed } from './support.js';

/** Settings of a machine without a Redis server. */
function without(dataDir: string, changes: Partial<RedisSettings> = {}): RedisSettings {
  return embedded(dataDir, { searchPath: '', ...changes });
}

describe('openRedis on a machine without a server', () => {
  it('starts the stand-in, loudly, on a socket for its owner alone', async () => {
    const dataDir = await newDataDir();
    const captured = captureLog();

    const service = await openRedis(without(dataDir), captured.log);

    expect(service.kind).toBe('stand-in');
    expect(await service.client.set('a', '1')).toBe('OK');
    expect(captured.lines).toMatchObject([
      { level: 'warn', event: 'redis_stand_in', msg: expect.stringMatching(/TRYING OUT ONLY/) },
    ]);
    expect(statSync(path.join(dataDir, 'redis')).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(dataDir, 'redis/stand-in.sock')).mode & 0o777).toBe(0o700);
    await service.close();
    expect(existsSync(path.join(dataDir, 'redis/stand-in.sock'))).toBe(false);
  });

  it('refuses an https address', async () => {
    const settings = without(await newDataDir(), { publicUrl: 'https://app.example' });

    await expect(openRedis(settings, silent)).rejects.toMatchObject({ code: 'wrong_setting' });
  });

  it('does not start one for a command that may only join', async () => {
    const settings = without(await newDataDir(), { standIn: 'join-only' });

    await expect(openRedis(settings, silent)).rejects.toMatchObject({
      code: 'redis_unavailable',
      message: expect.stringMatching(/only while the app is running/),
    });
  });

  it('lets another process join, and leaves the stand-in to its owner', async () => {
    const dataDir = await newDataDir();
    const app = await openRedis(without(dataDir), silent);
    const command = await openInOtherProcess(without(dataDir, { standIn: 'join-only' }));

    await command.call('SET', 'account', 'ada');
    await command.close();

    expect(command.opened).toEqual({ kind: 'stand-in' });
    expect(await app.client.get('account')).toBe('ada');
    await app.close();
  });

  it('is joined even by a process that has a server on its PATH', async () => {
    const dataDir = await newDataDir();
    const app = await openRedis(without(dataDir), silent);

    const command = await openRedis(embedded(dataDir), silent);

    expect(command.kind).toBe('stand-in');
    await command.close();
    await app.close();
  });

  it('starts anew where a killed process left its socket', async () => {
    const dataDir = await newDataDir();
    const killed = await openInOtherProcess(without(dataDir));
    await killed.call('SET', 'a', '1');
    await killed.kill();

    const next = await openRedis(without(dataDir), silent);

    expect(killed.opened).toEqual({ kind: 'stand-in' });
    expect(await next.client.get('a')).toBeNull();
    await next.close();
  });

  it('makes way for a server that has been installed since', async () => {
    const dataDir = await newDataDir();
    const killed = await openInOtherProcess(without(dataDir));
    await killed.kill();

    const service = await openRedis(embedded(dataDir), silent);

    expect(service.kind).toBe('embedded');
    await service.close();
  });

  it('starts one for many that open it at once', async () => {
    const dataDir = await newDataDir();
    const services = await Promise.all(
      Array.from({ length: 4 }, () => openRedis(without(dataDir), silent)),
    );

    await services[0]?.client.set('a', '1');

    expect(await Promise.all(services.map(({ client }) => client.get('a')))).toEqual(
      Array(4).fill('1'),
    );
    await Promise.all(services.map((service) => service.close()));
  });

  it('takes a DATA_DIR whose path is too long for a socket', async () => {
    const dataDir = path.join(await newDataDir(), 'd'.repeat(120));
    const service = await openRedis(without(dataDir), silent);

    expect(await service.client.ping()).toBe('PONG');
    await service.close();
  });

  it('closes at once while others are connected', async () => {
    const dataDir = await newDataDir();
    const app = await openRedis(without(dataDir), silent);
    const command = await openInOtherProcess(without(dataDir, { standIn: 'join-only' }));

    const { ms } = await timed(app.close());

    expect(ms).toBeLessThan(500);
    await command.close();
  });
});
