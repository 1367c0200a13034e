import http, { type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';

const running: http.Server[] = [];

/** A proxy in front of an app that changes the headers of every answer. Answers its address, without a slash at the end. */
export async function startHeaderProxy(
  appUrl: string,
  change: (headers: OutgoingHttpHeaders) => OutgoingHttpHeaders,
): Promise<string> {
  const server = http.createServer((req, res) => {
    const { method, headers } = req;
    const onward = http.request(new URL(req.url ?? '/', appUrl), { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, change(answer.headers));
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    req.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push(server);
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

afterAll(async () => {
  await Promise.all(
    running.splice(0).map(async (server) => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }),
  );
});
