import { connect } from 'node:net';
import { untilClosed } from './until-closed.js';

/**
 * Sends these lines to a server as they are, and answers all that comes back until it hangs up. A server that
 * does not hang up by itself has to be asked to, by `Connection: close`.
 */
export async function rawRequest(url: string, lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
  socket.write(lines.join('\r\n'), 'latin1');
  // A server that refuses hangs up on what is still on its way.
  await untilClosed(socket);
  return heard;
}

/** The status of an answer that begins here; 0 where there is none. */
export function statusOf(heard: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(heard)?.[1] ?? 0);
}
