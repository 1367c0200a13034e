import type { Redis } from 'ioredis';
import { probeDueStores } from '../activation/probe.js';
import { recoverExchanges } from '../activation/exchange/recovery.js';
import { replaySpool } from '../activation/exchange/replay-spool.js';
import type { Deps } from '../app.js';

/**
 * What goes on without a request: storing what waits in the spool, continuing exchanges whose owners died, making up
 * for probes. At once, then every so many seconds, and as soon as Redis is back. A pass that a slow store holds up does
 * not hold up the next; two that meet at one record settle it as two processes would.
 */
export function startPasses(
  deps: Deps,
  redis: Redis,
  intervalSeconds: number,
): { readonly stop: () => void } {
  async function pass(): Promise<void> {
    if (redis.status !== 'ready') return;
    try {
      await replaySpool(deps);
      await Promise.all([recoverExchanges(deps), probeDueStores(deps)]);
    } catch (error) {
      deps.log.warn({ event: 'pass_failed', err: error });
    }
  }

  const start = () => void deps.underWay(pass());
  const timer = setInterval(start, intervalSeconds * 1000);
  redis.on('ready', start);
  start();
  return {
    stop() {
      clearInterval(timer);
      redis.off('ready', start);
    },
  };
}
