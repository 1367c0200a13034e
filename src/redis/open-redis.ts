import type { Logger } from '../log.js';
import { checkDurability } from './check-durability.js';
import { closeClient } from './close-client.js';
import { openEmbedded } from './open-embedded.js';
import { redisClient } from './redis-client.js';
import type { RedisService, RedisSettings } from './redis-service.js';
import { parseRedisUrl } from './redis-url.js';
import { waitUntilReady } from './wait-until-ready.js';
import { watchConnection } from './watch-connection.js';

/**
 * Opens the Redis of the settings, ready for use: the server at `url`, else a redis-server or valkey-server of this
 * machine, else a stand-in in this process. Throws `redis_unavailable`, or `wrong_setting` for what a new start
 * would not mend. No message and no log line holds a password.
 */
export async function openRedis(settings: RedisSettings, log: Logger): Promise<RedisService> {
  return settings.url === undefined ? openEmbedded(settings, log) : openServer(settings.url, log);
}

async function openServer(url: string, log: Logger): Promise<RedisService> {
  const address = parseRedisUrl(url);
  const client = redisClient(address);
  const unwatch = watchConnection(client, log);
  const close = async () => {
    unwatch();
    await closeClient(client);
  };
  try {
    const name = `Redis at ${address.host}:${address.port}`;
    await waitUntilReady(client, { name, timeoutMs: 5_000 });
    await checkDurability(client, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { client, kind: 'server', close };
}
