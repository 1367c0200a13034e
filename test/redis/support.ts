import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLog, type Logger } from '../../src/log.js';
import { openRedis } from '../../src/redis/open-redis.js';
import type { RedisService, RedisSettings } from '../../src/redis/redis-service.js';

const folders: string[] = [];
const services: RedisService[] = [];

// A test that fails half-way may leave its embedded server running.
afterAll(async () => {
  for (const service of services) await service.close();
  for (const folder of folders) {
    const socketPath = path.join(folder, 'redis/redis.sock');
    if (existsSync(socketPath)) await stopLeftover(socketPath);
    await rm(folder, { recursive: true, force: true });
  }
});

async function stopLeftover(socketPath: string): Promise<void> {
  const client = new Redis({ path: socketPath, retryStrategy: () => null, disconnectTimeout: 50 });
  client.on('error', () => undefined);
  await client.shutdown('NOSAVE').catch(() => undefined);
}

/** A folder of its own, removed when the file's tests are over. */
export async function newDataDir(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mi-data-'));
  folders.push(folder);
  return folder;
}

/** Settings that start a server in `dataDir`; with `searchPath: ''`, the stand-in. */
export function embedded(dataDir: string, changes: Partial<RedisSettings> = {}): RedisSettings {
  return {
    url: undefined,
    dataDir,
    publicUrl: 'http://localhost:3000',
    searchPath: process.env['PATH'],
    ...changes,
  };
}

/** A service for all tests of a file, closed after them. */
export async function openForFile(settings: RedisSettings): Promise<RedisService> {
  const service = await openRedis(settings, silent);
  services.push(service);
  return service;
}

export interface CapturedLog {
  readonly log: Logger;
  /** The lines so far. */
  readonly lines: Record<string, unknown>[];
  events(): unknown[];
}

export function captureLog(): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return {
    log: createLog('debug', { write }),
    lines,
    events: () => lines.map((line) => line['event']),
  };
}

export const silent = createLog('silent');

/** How long it took, beside what came out: the error's message when it failed. */
export async function timed(promise: Promise<unknown>): Promise<{ ms: number; outcome: unknown }> {
  const begin = performance.now();
  const outcome = await promise.catch((error: unknown) => (error as Error).message);
  return { ms: performance.now() - begin, outcome };
}

/** The server's process id, as the server tells it. */
export async function serverPid(client: Redis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1]);
}

/** Waits for the process to be gone, or a zombie that nobody has asked after; answers whether that came within 10 s. */
export async function isGone(pid: number): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    if (!/\) [^Z]/.test(statusOf(pid))) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
