import { chmodSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';

/** The Redis of a machine that has none. */
export interface StandIn {
  /** Cuts every connection and forgets everything. */
  stop(): Promise<void>;
}

/**
 * Starts js-redis-server in this process, on a Unix socket. Its own `listen()` takes a port and binds every
 * interface without a password, so only its core is used. The caller holds the lock: a file left at `socketPath` is dead.
 */
export async function startStandIn(socketPath: string): Promise<StandIn> {
  // Loaded here, so that who has a server pays nothing for it.
  const { RedisServerState, Resp2Server, createRedisCommandExecutor } =
    await import('js-redis-server/core');
  const state = new RedisServerState({ databaseCount: 1 });
  const { server } = new Resp2Server({ server: state, executor: createRedisCommandExecutor() });
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o700);
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          state.close();
          resolve();
        });
        for (const socket of connections) socket.destroy();
      }),
  };
}
