import { connect } from 'node:net';

/** One keep-alive connection that carries one request at a time. */
export interface KeepAliveConnection {
  /** Sends a whole request, as bytes on the wire; `answered` hears the status, and all that was received. */
  send(request: string, answered: (status: number, answer: string) => void): void;
  close(): void;
}

/** As much of an HTTP client as a load needs, so that the load costs little beside what it measures. */
export async function keepAliveConnection(port: number): Promise<KeepAliveConnection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let answered: ((status: number, answer: string) => void) | undefined;
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += String(chunk);
    if (!isWhole(received)) return;
    const answer = received;
    received = '';
    answered?.(Number(answer.slice(9, 12)), answer);
  });
  // A load that loses connections measures nothing.
  socket.on('close', () => {
    throw new Error(`the server at port ${port} closed a connection`);
  });
  return {
    send(request, hear) {
      answered = hear;
      socket.write(request, 'latin1');
    },
    close() {
      socket.removeAllListeners('close');
      socket.destroy();
    },
  };
}

/** Every server of the benchmark names its body's length, and sends nothing that was not asked for. */
function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer) ?? [];
  return answer.length >= headEnd + 4 + Number(length);
}
