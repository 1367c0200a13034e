import { once } from 'node:events';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findServer } from '../../src/redis/find-server.js';
import { openRedis } from '../../src/redis/open-redis.js';
import { serverCommand } from '../support/start-redis.js';
import { openInOtherProcess } from './other-process.js';
import { captureLog, embedded, isGone, newDataDir, serverPid, silent, timed } from './support.js';

describe('openRedis without REDIS_URL', () => {
  it('starts a server that keeps all it is given, reachable for its owner alone', async () => {
    const dataDir = await newDataDir();
    const captured = captureLog();
    const { client, kind, ...service } = await openRedis(embedded(dataDir), captured.log);

    const settings = await Promise.all(
      ['appendonly', 'appendfsync', 'maxmemory-policy', 'port', 'save'].map((name) =>
        client.config('GET', name),
      ),
    );

    expect(kind).toBe('embedded');
    expect(settings).toEqual([
      ['appendonly', 'yes'],
      ['appendfsync', 'always'],
      ['maxmemory-policy', 'noeviction'],
      ['port', '0'],
      ['save', ''],
    ]);
    expect(statSync(path.join(dataDir, 'redis')).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(dataDir, 'redis/redis.sock')).mode & 0o777).toBe(0o700);
    expect(captured.lines).toEqual([]);
    await service.close();
  });

  it('keeps the data over a restart', async () => {
    const dataDir = await newDataDir();
    const first = await openRedis(embedded(dataDir), silent);
    await first.client.set('a', '1');
    const pid = await serverPid(first.client);
    await first.close();

    const second = await openRedis(embedded(dataDir), silent);

    expect(await isGone(pid)).toBe(true);
    expect(await second.client.get('a')).toBe('1');
    await second.close();
  });

  it('starts one server for many that open it at once, and the last to leave stops it', async () => {
    const dataDir = await newDataDir();
    const services = await Promise.all(
      Array.from({ length: 5 }, () => openRedis(embedded(dataDir), silent)),
    );
    const pids = await Promise.all(services.map(({ client }) => serverPid(client)));
    const [pid = 0] = pids;
    const [last, ...others] = services;

    await Promise.all(others.map((service) => service.close()));
    const answer = await last?.client.ping();
    await last?.close();

    expect(new Set(pids).size).toBe(1);
    expect(answer).toBe('PONG');
    expect(await isGone(pid)).toBe(true);
  });

  it('takes a DATA_DIR whose path is too long for a socket', async () => {
    const dataDir = path.join(await newDataDir(), 'd'.repeat(120));
    const first = await openRedis(embedded(dataDir), silent);
    const other = await openInOtherProcess(embedded(dataDir));
    await first.client.set('a', '1');
    const pid = await serverPid(first.client);

    await first.close();

    expect(await other.call('GET', 'a')).toBe('1');
    await other.close();
    expect(await isGone(pid)).toBe(true);
  });

  it('hands the server none of our environment', async () => {
    const service = await openRedis(embedded(await newDataDir()), silent);

    const environment = readFileSync(`/proc/${await serverPid(service.client)}/environ`, 'utf8');

    expect(environment).not.toContain('PATH=');
    await service.close();
  });

  it('starts the server again when it dies under the app', async () => {
    const captured = captureLog();
    const service = await openRedis(embedded(await newDataDir()), captured.log);
    await service.client.set('a', '1');
    const pid = await serverPid(service.client);
    const back = new Promise((resolve) => service.client.once('ready', resolve));

    process.kill(pid, 'SIGKILL');
    await back;

    expect(await service.client.get('a')).toBe('1');
    expect(await serverPid(service.client)).not.toBe(pid);
    expect(captured.events()).toEqual(['redis_lost', 'redis_back']);
    await service.close();
  });

  it('lets a redis-cli look on without keeping the server for it', async () => {
    const service = await openRedis(embedded(await newDataDir()), silent);
    const pid = await serverPid(service.client);
    const onlooker = service.client.duplicate({ connectionName: 'cli', retryStrategy: () => null });
    onlooker.on('error', () => undefined);
    await onlooker.connect();

    await service.close();

    expect(await isGone(pid)).toBe(true);
  });

  it('closes within seconds when the server hangs, and says that it was left running', async () => {
    const captured = captureLog();
    const dataDir = await newDataDir();
    const service = await openRedis(embedded(dataDir), captured.log);
    const pid = await serverPid(service.client);
    process.kill(pid, 'SIGSTOP');

    const { ms } = await timed(service.close());
    process.kill(pid, 'SIGCONT');

    expect(ms).toBeLessThan(12_000);
    expect(captured.events()).toEqual(['redis_left_running']);
    const next = await openRedis(embedded(dataDir), silent);
    expect(await serverPid(next.client)).toBe(pid);
    await next.close();
  });

  it('refuses a server in DATA_DIR that was told to evict', async () => {
    const dataDir = await newDataDir();
    const first = await openRedis(embedded(dataDir), silent);
    await first.client.config('SET', 'maxmemory', '64mb', 'maxmemory-policy', 'allkeys-lru');

    await expect(openRedis(embedded(dataDir), silent)).rejects.toMatchObject({
      code: 'wrong_setting',
    });

    await first.close();
  });
});

describe('an embedded server that cannot start', () => {
  it('is reported with its last words and its log when its data are corrupt', async () => {
    const dataDir = await newDataDir();
    const first = await openRedis(embedded(dataDir), silent);
    await first.client.set('a', '1');
    await first.client.set('b', '2');
    await first.close();
    const folder = path.join(dataDir, 'redis');
    const [aof = ''] = (await readdir(folder, { recursive: true })).filter((name) =>
      /\.incr\.aof$|^appendonly\.aof$/.test(name),
    );
    const file = path.join(folder, aof);
    writeFileSync(file, readFileSync(file, 'latin1').replace('*3', '*x'), 'latin1');

    await expect(openRedis(embedded(dataDir), silent)).rejects.toMatchObject({
      code: 'redis_unavailable',
      message: expect.stringMatching(/ended with 1 .*redis\.log; the last line: .*AOF/s),
    });
  });

  it('is reported when the command is no server', async () => {
    const folder = await newDataDir();
    writeFileSync(path.join(folder, 'redis-server'), 'not a program');
    chmodSync(path.join(folder, 'redis-server'), 0o700);

    await expect(
      openRedis(embedded(await newDataDir(), { searchPath: folder }), silent),
    ).rejects.toMatchObject({
      code: 'redis_unavailable',
      message: expect.stringContaining(folder),
    });
  });

  it('is a wrong setting when DATA_DIR cannot be a folder', async () => {
    const file = path.join(await newDataDir(), 'file');
    writeFileSync(file, '');

    await expect(openRedis(embedded(file), silent)).rejects.toMatchObject({
      code: 'wrong_setting',
      message: expect.stringContaining(file),
    });
  });
});

describe('findServer', () => {
  it('takes valkey-server where there is no redis-server, and only what can be run', async () => {
    const folder = await newDataDir();
    await mkdir(path.join(folder, 'a'));
    writeFileSync(path.join(folder, 'a/redis-server'), '');
    await symlink(serverCommand(), path.join(folder, 'valkey-server'));

    expect(findServer(`relative:${folder}/a:${folder}`)).toBe(path.join(folder, 'valkey-server'));
    expect(findServer(undefined)).toBeUndefined();
    const service = await openRedis(embedded(await newDataDir(), { searchPath: folder }), silent);
    expect(service.kind).toBe('embedded');
    await service.close();
  });
});

describe('several processes on one DATA_DIR', () => {
  it('start one server, and the last to leave stops it', async () => {
    const dataDir = await newDataDir();
    const [a, b, c] = await Promise.all([
      openInOtherProcess(embedded(dataDir)),
      openInOtherProcess(embedded(dataDir)),
      openInOtherProcess(embedded(dataDir)),
    ]);
    const mine = await openRedis(embedded(dataDir), silent);
    const pid = await serverPid(mine.client);
    await a.call('SET', 'from', 'a');

    await Promise.all([a.close(), b.close(), c.close()]);

    expect(await mine.client.get('from')).toBe('a');
    await mine.close();
    expect(await isGone(pid)).toBe(true);
  });

  it('find the server of one that was killed, and its data', async () => {
    const dataDir = await newDataDir();
    const owner = await openInOtherProcess(embedded(dataDir));
    await owner.call('SET', 'from', 'owner');
    const pid = Number(/process_id:(\d+)/.exec(String(await owner.call('INFO', 'server')))?.[1]);
    await owner.kill();

    const next = await openRedis(embedded(dataDir, { searchPath: '' }), silent);

    expect(next.kind).toBe('embedded');
    expect(await serverPid(next.client)).toBe(pid);
    expect(await next.client.get('from')).toBe('owner');
    await next.close();
    expect(await isGone(pid)).toBe(true);
  });

  it('leave the server alive when Ctrl-C reaches the whole process group', async () => {
    const dataDir = await newDataDir();
    const owner = await openInOtherProcess(embedded(dataDir));
    const mine = await openRedis(embedded(dataDir), silent);
    const stat = readFileSync(`/proc/${await serverPid(mine.client)}/stat`, 'utf8');
    const ownerStat = readFileSync(`/proc/${owner.child.pid ?? 0}/stat`, 'utf8');

    expect(group(stat)).not.toBe(group(ownerStat));
    owner.child.kill('SIGINT');
    await once(owner.child, 'exit');
    expect(await mine.client.ping()).toBe('PONG');
    await mine.close();
  });
});

/** The fifth field, after a name in brackets: the process group. */
function group(stat: string): string | undefined {
  return stat.split(') ')[1]?.split(' ')[2];
}
