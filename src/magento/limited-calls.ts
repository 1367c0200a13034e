import { AppError } from '../errors.js';
import type { StoreHttp } from './store-http.js';

/** How many calls may be under way at once, and how long others wait for their turn. */
export interface CallLimits {
  readonly inAll: number;
  /** To one origin. */
  readonly perStore: number;
  /** Beyond so many waiting calls the next is refused at once. */
  readonly waiting: number;
  readonly patienceMs: number;
}

// A call holds a socket, and memory for 64 KiB of reply: 256 of them are cheap, and some 200 stores may hang at once
// before anybody waits. An exchange makes one call at a time; a store gets more for the checks and probes beside it.
const usualLimits: CallLimits = { inAll: 256, perStore: 4, waiting: 512, patienceMs: 5_000 };

interface Waiting {
  readonly origin: string;
  readonly begin: () => void;
}

/**
 * The same door with a bound on what goes through it at once, in this process. Calls to stores that hang hold up other
 * calls to those stores, and only a crowd of such stores calls to others. A call whose turn does not come in time ends
 * with `store_busy`, and nothing of it was sent.
 */
export function limitedCalls(http: StoreHttp, limits: CallLimits = usualLimits): StoreHttp {
  const waiting = new Set<Waiting>();
  const underWay = new Map<string, number>();
  let inAll = 0;

  const isFree = (origin: string) =>
    inAll < limits.inAll && (underWay.get(origin) ?? 0) < limits.perStore;

  function take(origin: string): void {
    inAll += 1;
    underWay.set(origin, (underWay.get(origin) ?? 0) + 1);
  }

  function release(origin: string): void {
    inAll -= 1;
    const others = (underWay.get(origin) ?? 1) - 1;
    if (others > 0) underWay.set(origin, others);
    else underWay.delete(origin);
    const next = [...waiting].find((call) => isFree(call.origin));
    next?.begin();
  }

  /** Resolves once the call may begin, and has its place. */
  function turnOf(origin: string): Promise<void> {
    if (isFree(origin)) {
      take(origin);
      return Promise.resolve();
    }
    if (waiting.size >= limits.waiting) return Promise.reject(busy());
    return new Promise((resolve, reject) => {
      const call: Waiting = {
        origin,
        begin() {
          clearTimeout(timer);
          waiting.delete(call);
          take(origin);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiting.delete(call);
        reject(busy());
      }, limits.patienceMs);
      waiting.add(call);
    });
  }

  return {
    ...http,
    async send(request) {
      const { origin } = new URL(request.url);
      await turnOf(origin);
      try {
        return await http.send(request);
      } finally {
        release(origin);
      }
    },
  };
}

function busy(): AppError {
  return new AppError('store_busy', 'too many calls to stores are under way; nothing was sent');
}
