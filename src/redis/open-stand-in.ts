import { AppError } from '../errors.js';
import type { Logger } from '../log.js';
import { closeClient } from './close-client.js';
import { isListening } from './is-listening.js';
import { redisClient } from './redis-client.js';
import type { RedisService, RedisSettings } from './redis-service.js';
import type { SocketFolder } from './socket-folder.js';
import { startStandIn } from './stand-in.js';
import { waitUntilReady } from './wait-until-ready.js';
import { watchConnection } from './watch-connection.js';

/** The stand-in that a process has running in this folder, else one in this process. The caller holds the lock. */
export async function openStandIn(
  place: SocketFolder,
  settings: RedisSettings,
  log: Logger,
): Promise<RedisService> {
  const socketPath = place.socket('stand-in.sock');
  refuseForPublic(settings.publicUrl);
  const isRunning = await isListening(socketPath);
  if (!isRunning && settings.standIn === 'join-only') {
    throw new AppError(
      'redis_unavailable',
      'without redis-server or valkey-server on PATH, and without REDIS_URL, this works only while the app is running: the data are in its memory',
    );
  }
  const standIn = isRunning ? undefined : await startStandIn(socketPath);
  const client = redisClient({ path: socketPath });
  const unwatch = watchConnection(client, log);
  const leave = async () => {
    unwatch();
    await closeClient(client);
    await standIn?.stop();
  };
  try {
    await waitUntilReady(client, { name: 'the stand-in for Redis', timeoutMs: 5_000 });
  } catch (error) {
    await leave();
    throw error;
  }
  log.warn(
    { event: 'redis_stand_in' },
    'FOR TRYING OUT ONLY: no redis-server or valkey-server was found, so all data are in memory and nothing survives a restart',
  );
  return {
    client,
    kind: 'stand-in',
    async close() {
      await leave();
      place.release();
    },
  };
}

function refuseForPublic(publicUrl: string): void {
  if (!publicUrl.toLowerCase().startsWith('https:')) return;
  throw new AppError(
    'wrong_setting',
    'PUBLIC_URL is https, so Redis must keep its data: set REDIS_URL, or install redis-server or valkey-server',
  );
}
