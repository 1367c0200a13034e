import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { storeHttp } from '../../src/magento/store-http.js';
import { readTokenReply } from '../../src/magento/token-reply.js';

const MiB = 1024 * 1024;
const stops: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  await Promise.all(stops.map(async (stop) => stop()));
});

/** The door as it is by default. */
const door = storeHttp({ hosts: [], allowHttp: true, allowPrivate: true });
stops.push(() => door.close());

const ask = (url: string) => door.send({ method: 'POST', url, headers: {} });

/** A store that answers each call with these bytes, as fast as they are taken, and the connections it has had. */
async function serve(answer: () => Iterable<string | Buffer>) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      pipeline(Readable.from(answer()), socket, () => undefined);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets };
}

function isClosed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => {
    if (socket.closed) resolve(true);
    else socket.once('close', resolve);
  });
}

function* endlessly(first: string, part: string | Buffer): Generator<string | Buffer> {
  yield first;
  for (;;) yield part;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
const lines = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: a\r\n`).join('');

describe('a store that sends without an end', () => {
  const floods: Record<string, [part: () => Iterable<string | Buffer>, code: string]> = {
    'a body of 200 MB that it announces': [
      () => endlessly(`${ok}Content-Length: 200000000\r\n\r\n`, Buffer.alloc(65_536)),
      'store_reply_too_large',
    ],
    'a body in chunks': [
      () => endlessly(`${ok}Transfer-Encoding: chunked\r\n\r\n`, chunk),
      'store_reply_too_large',
    ],
    'a body that only the end of the connection would end': [
      () => endlessly(`${ok}\r\n`, Buffer.alloc(65_536)),
      'store_reply_too_large',
    ],
    headers: [() => endlessly(ok, 'X-A: b\r\n'.repeat(100)), 'store_reply_too_large'],
    '10,000 headers': [() => [`${ok}${lines(10_000)}\r\n`], 'store_reply_too_large'],
    'a header of 1 MiB': [() => [`${ok}X-A: ${'x'.repeat(MiB)}\r\n\r\n`], 'store_reply_too_large'],
    'headers behind its body': [
      () => endlessly(`${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X-A: b\r\n'.repeat(100)),
      'store_reply_too_large',
    ],
    'early hints': [
      () => endlessly('', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'.repeat(10)),
      'store_no_reply',
    ],
    'words that it is at work': [
      () => endlessly('', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(10)),
      'store_no_reply',
    ],
    'leave to go on': [
      () => endlessly('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10)),
      'store_no_reply',
    ],
  };
  for (const [what, [answer, code]] of Object.entries(floods)) {
    it(`${what} is ${code} long before the deadline, and let go`, async () => {
      const { url, sockets } = await serve(answer);

      await expect(ask(url)).rejects.toMatchObject({ code });

      const [socket] = sockets;
      await isClosed(socket!);
      // What we took and what lay in the system's buffers: nothing like what it had to give.
      expect(socket!.bytesWritten).toBeLessThan(16 * MiB);
    }, 10_000);
  }

  it('a few interim replies and then its answer is understood', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n';
    const { url } = await serve(() => [hint, hint, hint, `${ok}Content-Length: 2\r\n\r\nhi`]);

    expect(await ask(url)).toMatchObject({ status: 200, text: 'hi' });
  });
});

describe('a compression bomb', () => {
  it('is bytes like any others: they are counted as they come, and never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * MiB));
    const head = `${ok}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    const { url } = await serve(() => [head, bomb]);

    const reply = await ask(url);

    expect(bomb.length).toBeLessThan(64 * 1024);
    expect(reply.text.length).toBeLessThanOrEqual(bomb.length);
    expect(() => readTokenReply(reply)).toThrow(
      expect.objectContaining({ code: 'store_reply_unreadable' }),
    );
  });
});
