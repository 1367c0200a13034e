import { randomBytes } from 'node:crypto';
import type { Logger } from '../log.js';
import { checkDurability } from './check-durability.js';
import { closeClient } from './close-client.js';
import { failureReason } from './failure-reason.js';
import { findServer } from './find-server.js';
import { isListening } from './is-listening.js';
import { openStandIn } from './open-stand-in.js';
import { redisClient } from './redis-client.js';
import type { RedisService, RedisSettings } from './redis-service.js';
import { reviveServer } from './revive-server.js';
import { openSocketFolder, type SocketFolder } from './socket-folder.js';
import { startServer } from './start-server.js';
import { connectionPrefix, stopIfUnused } from './stop-if-unused.js';
import { untilEvent } from './until-event.js';
import { waitUntilReady } from './wait-until-ready.js';
import { watchConnection } from './watch-connection.js';
import { withLock } from './with-lock.js';

/** A server with much data takes its time to load it; who waits for the lock waits for that too. */
const loadTimeoutMs = 30_000;
const lockTimeoutMs = 40_000;
const leaveTimeoutMs = 5_000;

/**
 * The Redis of `dataDir`: the one that is running there, whoever started it, else one started now. All of it happens
 * under one lock, so that two processes never start two servers on the same data.
 */
export async function openEmbedded(settings: RedisSettings, log: Logger): Promise<RedisService> {
  const place = openSocketFolder(settings.dataDir);
  const command = findServer(settings.searchPath);
  try {
    return await withLock(place.socket('lock.sock'), lockTimeoutMs, async () =>
      (await wantsServer(place, command))
        ? openOwn(place, command, log)
        : openStandIn(place, settings, log),
    );
  } catch (error) {
    place.release();
    throw error;
  }
}

/** What runs comes first, real or not: its data are what the other processes see. */
async function wantsServer(place: SocketFolder, command: string | undefined): Promise<boolean> {
  if (await isListening(place.socket('redis.sock'))) return true;
  return command !== undefined && !(await isListening(place.socket('stand-in.sock')));
}

/** The caller holds the lock. */
async function openOwn(
  place: SocketFolder,
  command: string | undefined,
  log: Logger,
): Promise<RedisService> {
  const connectionName = `${connectionPrefix}${process.pid}-${randomBytes(4).toString('hex')}`;
  const client = redisClient({ path: place.socket('redis.sock'), connectionName });
  const unwatch = watchConnection(client, log);
  const untilReady = () =>
    waitUntilReady(client, {
      name: `the embedded Redis in ${place.folder}`,
      timeoutMs: loadTimeoutMs,
    });
  try {
    if (!(await startIfMissing(place, command, untilReady))) await untilReady();
    await checkDurability(client, log);
  } catch (error) {
    unwatch();
    await closeClient(client);
    throw error;
  }
  const revive = () =>
    withLock(place.socket('lock.sock'), lockTimeoutMs, () =>
      startIfMissing(place, command, () => untilEvent(client, ['ready', 'end'], loadTimeoutMs)),
    );
  const stopReviving = reviveServer(client, revive, log);
  return {
    client,
    kind: 'embedded',
    async close() {
      unwatch();
      const noStartUnderWay = stopReviving();
      await leave(place, connectionName, log, closeClient(client));
      // Not waited for: a server that does not come up may take half a minute.
      void noStartUnderWay.then(place.release);
    },
  };
}

/** Answers whether it started one. The caller holds the lock. */
async function startIfMissing(
  place: SocketFolder,
  command: string | undefined,
  untilReady: () => Promise<unknown>,
): Promise<boolean> {
  if (command === undefined || (await isListening(place.socket('redis.sock')))) return false;
  await startServer(command, place.folder, untilReady);
  return true;
}

/** Whoever leaves last stops the server, under the lock: nobody can join meanwhile. */
async function leave(
  place: SocketFolder,
  connectionName: string,
  log: Logger,
  closed: Promise<void>,
): Promise<void> {
  try {
    await withLock(place.socket('lock.sock'), leaveTimeoutMs, async () => {
      await closed;
      if (!(await isListening(place.socket('redis.sock')))) return;
      await stopIfUnused(place.socket('redis.sock'), connectionName);
    });
  } catch (error) {
    log.warn(
      { event: 'redis_left_running', reason: failureReason(error) },
      'the embedded Redis did not stop; the next start will use it again',
    );
  }
}
