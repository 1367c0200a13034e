import type { Redis } from 'ioredis';

export interface RedisSettings {
  /** `REDIS_URL`. Without one, a Redis is found or started in `dataDir`. */
  readonly url: string | undefined;
  readonly dataDir: string;
  /** Where people reach the app: an https address is no place for the stand-in. */
  readonly publicUrl: string;
  /** The process's PATH: where redis-server and valkey-server are looked for. */
  readonly searchPath: string | undefined;
  /** `join-only` for a command that would lose what it writes to a stand-in of its own. */
  readonly standIn?: 'start' | 'join-only';
}

export interface RedisService {
  /** For the request path: every command is sent once and ends within a second, if only with an error. */
  readonly client: Redis;
  /** `embedded` keeps its data in `dataDir`; `stand-in` keeps nothing. */
  readonly kind: 'server' | 'embedded' | 'stand-in';
  /** Ends the connection; an embedded server stops with the last process that used it. Never hangs, never throws. */
  close(): Promise<void>;
}
