import type { Redis } from 'ioredis';

/**
 * Whether Redis takes writes now: it writes `probeKey`. Only a write tells, for PING and INFO answer well on a server
 * that is full, a replica, or cannot write its log. Answers within the client's command timeout, and never throws.
 */
export async function isServing(client: Redis, probeKey: string): Promise<boolean> {
  try {
    await client.set(probeKey, '1');
    return true;
  } catch {
    return false;
  }
}
