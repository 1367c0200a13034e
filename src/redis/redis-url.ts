import { AppError } from '../errors.js';
import type { NetworkAddress } from './redis-client.js';

/**
 * Reads `redis://user:password@host:port/db` or `rediss://…`. Throws `wrong_setting`; the message never holds the
 * text itself, since a password is in it. Query parameters are refused: ioredis would take them as options.
 */
export function parseRedisUrl(text: string): NetworkAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const db = /^\/?$/.test(url?.pathname ?? '') ? '0' : url?.pathname.slice(1);
  if (
    !url ||
    !['redis:', 'rediss:'].includes(url.protocol) ||
    !url.hostname ||
    !/^\d{1,5}$/.test(db ?? '') ||
    url.search ||
    url.hash
  ) {
    throw new AppError(
      'wrong_setting',
      'REDIS_URL must read redis://user:password@host:port/db, or rediss:// for TLS; user, password, port and db may be left out',
    );
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(url.port || 6379),
    db: Number(db),
    ...(url.username && { username: decode(url.username) }),
    ...(url.password && { password: decode(url.password) }),
    ...(url.protocol === 'rediss:' && { tls: { servername: host } }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AppError('wrong_setting', 'REDIS_URL: a % in user or password must be written %25');
  }
}
