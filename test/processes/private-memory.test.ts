import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { newDataDir, serverPid } from '../redis/support.js';
import { embeddedRedis, environment, startMain } from './child.js';

/** Whether somebody answers at the port where Node's inspector listens, unless it was told another. */
function isInspected(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(9229, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

describe('the memory of the app', () => {
  it('is shown to no inspector that a signal opens', async () => {
    const app = await startMain(environment(await newDataDir()));

    app.kill('SIGUSR1');
    const alive = await fetch(`${app.url}/healthz`);
    const inspected = await isInspected();
    app.kill('SIGTERM');

    const { code, stderr } = await app.ended;
    expect(alive.status).toBe(200);
    expect(inspected).toBe(false);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  // Elsewhere there is no such filter, and a limit of the shell has to do.
  const onLinux = existsSync('/proc/self/coredump_filter') ? it : () => undefined;
  onLinux('is in no core dump of it, nor that of its Redis in one of that', async () => {
    const dataDir = await newDataDir();
    const app = await startMain(environment(dataDir));
    const redis = await serverPid(embeddedRedis(dataDir));

    const filters = [app.pid, redis].map((pid) =>
      readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim(),
    );

    expect(filters).toEqual(['00000000', '00000000']);
  });
});
