import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withLock } from '../../src/redis/with-lock.js';
import { newDataDir } from './support.js';

async function newLock(): Promise<string> {
  return path.join(await newDataDir(), 'lock.sock');
}

/** A process that listens on the socket and says so. */
async function holder(socketPath: string) {
  const program = `require('net').createServer().listen(process.argv[1], () => console.log('held'))`;
  const child = spawn(process.execPath, ['-e', program, socketPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('withLock', () => {
  it('lets one in at a time', async () => {
    const lock = await newLock();
    let inside = 0;
    let most = 0;

    await Promise.all(
      Array.from({ length: 20 }, () =>
        withLock(lock, 10_000, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
        }),
      ),
    );

    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('is given back when the work fails', async () => {
    const lock = await newLock();

    await expect(
      withLock(lock, 1_000, () => Promise.reject(new Error('work failed'))),
    ).rejects.toThrow('work failed');

    expect(await withLock(lock, 1_000, () => Promise.resolve('next'))).toBe('next');
  });

  it('gives up after its time while another process holds it', async () => {
    const lock = await newLock();
    const child = await holder(lock);

    await expect(withLock(lock, 300, () => Promise.resolve())).rejects.toMatchObject({
      code: 'redis_unavailable',
    });
    child.kill('SIGKILL');
  });

  it('passes on at once when its holder is killed, to one of many', async () => {
    const lock = await newLock();
    const child = await holder(lock);
    let inside = 0;
    let most = 0;
    const waiting = Array.from({ length: 10 }, () =>
      withLock(lock, 10_000, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
      }),
    );

    child.kill('SIGKILL');
    await Promise.all(waiting);

    expect(most).toBe(1);
  });

  it('survives a process that died while it took a dead lock away', async () => {
    const lock = await newLock();
    const child = await holder(lock);
    child.kill('SIGKILL');
    await once(child, 'exit');
    writeFileSync(`${lock}.stale`, '');
    utimesSync(`${lock}.stale`, new Date(0), new Date(0));

    expect(await withLock(lock, 5_000, () => Promise.resolve('mine'))).toBe('mine');
  });
});
