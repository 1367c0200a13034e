import { connect, type Socket } from 'node:net';
import { untilClosed } from './until-closed.js';

/** How a client wastes the time of a server. */
export type Slowness = 'silent' | 'headers' | 'body';

/** A connection that sends next to nothing. */
export interface SlowClient {
  /** How the server ended it: with an answer, or by hanging up. */
  readonly ended: Promise<'408' | 'closed'>;
  readonly socket: Socket;
}

const head = (path: string) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n`;

/** Connects, and sends a byte now and then: of its headers, or of a body that it has announced as long. */
export function slowClient(
  url: string,
  how: Slowness,
  { path = '/endpoint', everyMs = 50, from = '127.0.0.1' } = {},
): SlowClient {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
  let heard = '';
  socket.on('data', (chunk) => (heard += chunk.toString()));
  if (how === 'headers') socket.write('POST ');
  if (how === 'body') socket.write(`${head(path)}Content-Length: 4000\r\n\r\noauth_consumer_key=`);
  const dripping = setInterval(() => {
    if (how !== 'silent') socket.write('a');
  }, everyMs);
  const ended = untilClosed(socket).then(() => {
    clearInterval(dripping);
    return heard.startsWith('HTTP/1.1 408 ') ? ('408' as const) : ('closed' as const);
  });
  return { ended, socket };
}
