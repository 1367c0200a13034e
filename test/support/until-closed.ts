import type { Socket } from 'node:net';

/**
 * Resolves when a connection is over, in whatever way. `once` of node:events would reject instead where a last byte
 * meets a connection that the other side has closed.
 */
export function untilClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve();
    });
  });
}
