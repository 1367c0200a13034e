import { isNativeError } from 'node:util/types';
import type { Redis } from 'ioredis';
import { AppError } from '../errors.js';
import { closeClient } from './close-client.js';
import { redisClient } from './redis-client.js';
import { untilEvent } from './until-event.js';
import { waitUntilReady } from './wait-until-ready.js';

/** How connections of this program begin their names. Others, such as redis-cli, do not keep a server running. */
export const connectionPrefix = 'mi-';

/**
 * Stops the server at `socketPath` unless a connection of this program is left, other than `ownName`, and waits until
 * it has written everything and is gone. The caller holds the lock. Throws when the server does not answer or refuses.
 */
export async function stopIfUnused(socketPath: string, ownName: string): Promise<void> {
  const client = redisClient({ path: socketPath }).duplicate({ retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await waitUntilReady(client, { name: 'the embedded Redis', timeoutMs: 3_000 });
    if (await isUnused(client, ownName)) await shutDown(client);
  } finally {
    await closeClient(client);
  }
}

async function isUnused(client: Redis, ownName: string): Promise<boolean> {
  const list = String(await client.client('LIST'));
  const names = [...list.matchAll(/\bname=(\S*)/g)].map(([, name = '']) => name);
  return names.every((name) => !name.startsWith(connectionPrefix) || name === ownName);
}

async function shutDown(client: Redis): Promise<void> {
  const gone = untilEvent(client, ['end'], 5_000);
  // The server answers by ending, which may take longer than a command does: its log is flushed first.
  await client.shutdown('NOSAVE').catch((error: unknown) => {
    if (isNativeError(error) && error.name === 'ReplyError') throw error;
  });
  if (!(await gone)) throw new AppError('redis_unavailable', 'SHUTDOWN had no effect in 5 s');
}
