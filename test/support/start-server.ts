import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { boundedServer, serverLimits, type ServerLimits } from '../../src/http/bounded-server.js';
import { trustedProxy } from '../../src/http/client-address.js';
import type { TestApp } from './start-app.js';

const servers: ReturnType<typeof boundedServer>[] = [];

/** The server that a process makes, in front of an app that runs already: with limits of its own, if need be. */
export async function startServer(
  app: TestApp,
  limits: Partial<ServerLimits> = {},
  trustProxy?: readonly string[],
) {
  const server = boundedServer(
    { isTrusted: trustedProxy(trustProxy), log: app.deps.log },
    { ...serverLimits, ...limits },
  );
  server.on('request', createApp(app.deps)).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

afterAll(async () => {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }),
  );
});
