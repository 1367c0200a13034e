import type { Redis } from 'ioredis';
import type { Logger } from '../log.js';
import { failureReason } from './failure-reason.js';

/**
 * Does `start` each time the connection is lost, since the server may have died under the app (out of memory, killed
 * by hand). Answers the function that ends this; its promise settles when no start is under way any more.
 */
export function reviveServer(
  client: Redis,
  start: () => Promise<unknown>,
  log: Logger,
): () => Promise<void> {
  let stopped = false;
  let reported = false;
  let underWay: Promise<void> | undefined;
  client.on('ready', () => {
    reported = false;
  });
  client.on('close', () => {
    if (stopped) return;
    underWay ??= start()
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!reported && !stopped) {
          log.error({ event: 'redis_start_failed', reason: failureReason(error) }, 'trying again');
        }
        reported = true;
      })
      .finally(() => {
        underWay = undefined;
      });
  });
  return async () => {
    stopped = true;
    await underWay;
  };
}
