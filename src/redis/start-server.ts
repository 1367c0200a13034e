import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors.js';

/** No port, nothing evicted, and every write on disk before it is acknowledged. */
const settings = [
  ...['--port', '0', '--unixsocket', 'redis.sock', '--unixsocketperm', '700'],
  ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
  ...['--maxmemory-policy', 'noeviction', '--daemonize', 'no'],
];

/**
 * Starts a server on the data in `folder`, then does `work` (which waits for it to be ready). Throws
 * `redis_unavailable` with the last line of the server's log when the server ends before that.
 */
export async function startServer(
  command: string,
  folder: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const logFile = path.join(folder, 'redis.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, settings, {
    cwd: folder,
    // It may outlive this process, and needs none of its secrets.
    env: {},
    // Ctrl-C goes to the whole group: the app has to write what it still holds before its Redis stops.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('error', (cause) => {
      reject(new AppError('redis_unavailable', `${command} could not be started`, { cause }));
    });
    child.once('exit', (code) => {
      reject(
        new AppError(
          'redis_unavailable',
          `the embedded Redis server ended with ${code ?? 'a signal'} while starting. Its log is ${logFile}; the last line: ${lastLine(logFile)}`,
        ),
      );
    });
  });
  await Promise.race([work(), ended]).finally(() => {
    child.removeAllListeners();
    child.on('error', () => undefined);
    ended.catch(() => undefined);
  });
}

function lastLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  } catch {
    return 'unreadable';
  }
}
