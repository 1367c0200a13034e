import type { Redis } from 'ioredis';
import type { Logger } from '../log.js';
import { failureReason } from './failure-reason.js';

/**
 * Logs when a connection that once worked is lost and when it is back, once each; the attempts between are silent.
 * Answers the function that ends the logging. What stays is the error listener: without one, ioredis prints every
 * error, arguments included.
 */
export function watchConnection(client: Redis, log: Logger): () => void {
  const closedByServer = 'closed by the server';
  let reason = closedByServer;
  let state: 'starting' | 'up' | 'lost' | 'unwatched' = 'starting';
  client.on('error', (error: Error) => {
    reason = failureReason(error);
  });
  client.on('close', () => {
    if (state !== 'up') return;
    state = 'lost';
    log.warn({ event: 'redis_lost', reason }, 'the connection to Redis is lost; trying again');
  });
  client.on('ready', () => {
    if (state === 'lost') log.info({ event: 'redis_back' }, 'the connection to Redis is back');
    if (state !== 'unwatched') state = 'up';
    reason = closedByServer;
  });
  return () => {
    state = 'unwatched';
  };
}
