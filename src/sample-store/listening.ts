import http, { type RequestListener, type Server } from 'node:http';
import https, { type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * Listens on one port of every address that the host means. `localhost` is two addresses: some clients
 * take `127.0.0.1`, some `::1`, and a store that is there for only one of them looks down to the other. With a
 * certificate it speaks TLS.
 */
export async function listenOn(
  listener: RequestListener,
  port: number,
  host: string,
  tls?: ServerOptions,
): Promise<{ port: number; servers: readonly Server[] }> {
  const first = await listening(listener, port, host === 'localhost' ? '127.0.0.1' : host, tls);
  const chosen = (first.address() as AddressInfo).port;
  if (host !== 'localhost') return { port: chosen, servers: [first] };
  try {
    return { port: chosen, servers: [first, await listening(listener, chosen, '::1', tls)] };
  } catch (error) {
    if (hasNoIpv6(error)) return { port: chosen, servers: [first] };
    await closeAll([first]);
    throw error;
  }
}

/** Whether an address is on a port of this machine, another than that of the url that is listened at already. */
export function needsPort({ protocol, hostname, port }: URL, open: URL): boolean {
  const isHere = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === open.protocol && isHere && port !== '' && port !== open.port;
}

/** Stops listening and breaks off whatever is still connected. */
export async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }),
  );
}

function hasNoIpv6(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

async function listening(
  listener: RequestListener,
  port: number,
  host: string,
  tls: ServerOptions | undefined,
): Promise<Server> {
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return server;
}
