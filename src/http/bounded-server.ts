import { createServer, type Server } from 'node:http';
import type { DropArgument, Socket } from 'node:net';
import type { Logger } from '../log.js';
import type { TrustedProxy } from './client-address.js';
import { networkOf } from './network-of.js';

/** How long clients may take, and how many there may be. Times are milliseconds. */
export interface ServerLimits {
  /** From the first moment of a connection, or of a next request on it, to the end of the headers. */
  readonly headersMs: number;
  /** To the end of the body. */
  readonly requestMs: number;
  /** How often the two above are looked after. */
  readonly checkMs: number;
  /** How long a connection may wait for its next request. */
  readonly idleMs: number;
  /** How long nothing may move while an answer is made or sent: who does not read is let go. */
  readonly quietMs: number;
  readonly connections: number;
  readonly connectionsOfOneNetwork: number;
}

export const serverLimits: ServerLimits = {
  headersMs: 10_000,
  requestMs: 15_000,
  checkMs: 1_000,
  // Longer than the 60 s for which a load balancer keeps its own: it must not send an activation into one that closes.
  idleMs: 65_000,
  // Longer than any sign-in takes, which calls a store several times, 15 s each.
  quietMs: 120_000,
  // File descriptors and memory have to be left for Redis and for stores.
  connections: 4_000,
  // Far more than the browsers of one office; and whoever fills it up leaves room for all others.
  connectionsOfOneNetwork: 1_000,
};

const warnEveryMs = 60_000;

/**
 * A server, not listening yet, that slow clients cannot use up: whoever takes too long is answered 408 or cut off, and
 * connections beyond the limits are closed at once. A trusted proxy stands for many, so its connections count only in all.
 */
export function boundedServer(
  { isTrusted, log }: { readonly isTrusted: TrustedProxy; readonly log: Logger },
  limits = serverLimits,
): Server {
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.idleMs,
    maxHeaderSize: 16 * 1024,
    // What a proxy in front would read in another way is refused, whatever NODE_OPTIONS says.
    insecureHTTPParser: false,
  });
  server.timeout = limits.quietMs;
  server.maxConnections = limits.connections;
  let warnedAt = -Infinity;
  const warn = (network: string) => {
    if (performance.now() - warnedAt < warnEveryMs) return;
    warnedAt = performance.now();
    log.warn({ event: 'connections_refused', network });
  };
  server.on('drop', (dropped?: DropArgument) => {
    warn(networkOf(dropped?.remoteAddress ?? ''));
  });
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isTrusted(address, 0)) return;
    const network = networkOf(address);
    const count = open.get(network) ?? 0;
    if (count >= limits.connectionsOfOneNetwork) {
      warn(network);
      socket.destroy();
      return;
    }
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left > 0) open.set(network, left);
      else open.delete(network);
    });
  });
  return server;
}
