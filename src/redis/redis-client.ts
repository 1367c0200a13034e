import type { ConnectionOptions } from 'node:tls';
import { Redis, type RedisOptions } from 'ioredis';

/** A server behind `REDIS_URL`, and who we are to it. */
export interface NetworkAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: ConnectionOptions;
}

/** A server of this machine; the name is how the connection shows in its CLIENT LIST. */
export interface SocketAddress {
  readonly path: string;
  readonly connectionName?: string;
}

const settings = {
  lazyConnect: true,
  // Ends every command, with its answer or with an error that does not say whether it ran. Magento waits 5 s in all.
  commandTimeout: 1_000,
  connectTimeout: 2_000,
  // While there is no connection a command fails at once instead of waiting in memory.
  enableOfflineQueue: false,
  // A command is sent once. With 1 or more, ioredis repeats those in flight after a reconnect: a script that claims
  // something would then find its own claim and report it as another's. Whoever gets an error reads again.
  maxRetriesPerRequest: 0,
  // A connection silent for so long under load is black-holed. TCP itself may take a quarter of an hour to notice.
  socketTimeout: 3_000,
  disconnectTimeout: 500,
  disableClientInfo: true,
  retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1_000) + Math.random() * 100,
  // After a failover the old primary answers READONLY for ever; a new connection finds the new one. `true` hands
  // READONLY to the caller; 2 (send again) would need the offline queue and reports that there is none instead.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
} satisfies RedisOptions;

/**
 * Sends the commands of one turn of the event loop in one write, in their order. Under load most of what a command
 * costs here is the system call. (ioredis's own automatic pipelines wait for one another, past a command's time-out.)
 */
class TurnwiseRedis extends Redis {
  private held: Redis['stream'] | undefined;

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const stream = this.stream as Redis['stream'] | undefined;
    if (stream && stream !== this.held) {
      stream.cork();
      this.held = stream;
      setImmediate(() => {
        if (this.held === stream) this.held = undefined;
        stream.uncork();
      });
    }
    return super.sendCommand(...args);
  }
}

/** A client for the request path, not connected yet. */
export function redisClient(address: NetworkAddress | SocketAddress): Redis {
  return new TurnwiseRedis({ ...settings, ...address });
}
