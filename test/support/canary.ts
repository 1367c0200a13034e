import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';

/** A listener on every address of this machine that nobody is meant to reach. */
export interface Canary {
  readonly port: number;
  /** How many connections it has seen. */
  hits(): number;
}

const running: ReturnType<typeof createServer>[] = [];

afterAll(() => {
  for (const server of running.splice(0)) server.close();
});

/** It ends each connection at once, and stops after the last test of the file that imports this. */
export async function startCanary(): Promise<Canary> {
  let hits = 0;
  const server = createServer((socket) => {
    hits += 1;
    socket.on('error', () => undefined);
    socket.destroy();
  });
  running.push(server);
  server.listen(0);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}
