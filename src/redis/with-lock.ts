import { closeSync, openSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors.js';
import { isListening } from './is-listening.js';

/**
 * Does `work` while no other process, and nobody else in this one, holds the lock. The lock is a socket its holder
 * listens on: the kernel takes it from a holder that dies, which a file with a process id in it leaves to guessing
 * (ids are used again, and mean nothing in another container). Throws `redis_unavailable` after `timeoutMs`.
 */
export async function withLock<T>(
  socketPath: string,
  timeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const release = await acquire(socketPath, Date.now() + timeoutMs);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(socketPath: string, deadline: number): Promise<() => Promise<void>> {
  while (Date.now() < deadline) {
    const release = await tryToListen(socketPath);
    if (release) return release;
    if (await isListening(socketPath)) await holderGone(socketPath, deadline);
    else await removeStale(socketPath);
  }
  throw new AppError(
    'redis_unavailable',
    'another process has been starting or stopping the embedded Redis for too long',
  );
}

/** Binding is what only one can do; undefined when the name is taken, by the living or the dead. */
function tryToListen(socketPath: string): Promise<(() => Promise<void>) | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => waiting.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(socketPath, () => {
      resolve(() => release(server, waiting));
    });
    // The work keeps the process up, not the lock.
    server.unref();
  });
}

/** Closing takes the name away and wakes whoever waits. */
async function release(server: Server, waiting: ReadonlySet<Socket>): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    for (const socket of waiting) socket.destroy();
  });
}

function holderGone(socketPath: string, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const timer = setTimeout(() => socket.destroy(), deadline - Date.now());
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
  });
}

/** One process at a time takes a dead holder's name away, and looks again before: else it might take a new one's. */
async function removeStale(socketPath: string): Promise<void> {
  const mark = `${socketPath}.stale`;
  try {
    closeSync(openSync(mark, 'wx', 0o600));
  } catch {
    removeIfOld(mark);
    await sleep(20);
    return;
  }
  try {
    if (!(await isListening(socketPath))) unlinkSync(socketPath);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    unlinkSync(mark);
  }
}

/** The mark is held for a millisecond; one that is seconds old belongs to a process that died in it. */
function removeIfOld(mark: string): void {
  const made = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && Date.now() - made > 5_000) unlinkSync(mark);
}
