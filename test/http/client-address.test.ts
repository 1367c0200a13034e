import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { clientAddress, type TrustedProxy } from '../../src/http/client-address.js';

const servers: ReturnType<typeof createServer>[] = [];

afterAll(async () => {
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, 'close');
    }),
  );
});

/** What Express makes of the header, and what we do. */
async function bothAddresses(trustProxy: unknown, forwardedFor: string | undefined) {
  const app = express();
  app.set('trust proxy', trustProxy);
  app.use((req, res) => {
    const isTrusted = app.get('trust proxy fn') as TrustedProxy;
    res.json([req.ip, clientAddress(req, isTrusted)]);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor };
  const call = request({ port, host: '127.0.0.1', headers, agent: false }).end();
  const [answer] = (await once(call, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const chunk of answer) text += chunk.toString();
  return JSON.parse(text) as [string, string];
}

describe("a client's address", () => {
  const cases: readonly (readonly [trustProxy: unknown, header: string | undefined, is: string])[] =
    [
      [false, undefined, '127.0.0.1'],
      [false, '203.0.113.9', '127.0.0.1'],
      [1, undefined, '127.0.0.1'],
      [1, '203.0.113.9', '203.0.113.9'],
      [1, '198.51.100.1, 203.0.113.9', '203.0.113.9'],
      [2, '198.51.100.1,203.0.113.9', '198.51.100.1'],
      [9, ' 198.51.100.1 ,, 203.0.113.9 ,', '198.51.100.1'],
      [1, '', '127.0.0.1'],
      [['loopback'], '198.51.100.1, 203.0.113.9', '203.0.113.9'],
      [['loopback', '203.0.113.0/24'], '198.51.100.1, 203.0.113.9', '198.51.100.1'],
      [['10.0.0.0/8'], '198.51.100.1', '127.0.0.1'],
      [1, '2001:db8::1', '2001:db8::1'],
    ];
  for (const [trustProxy, header, is] of cases) {
    it(`is ${is}, as in Express, for ${String(header)} with proxies ${String(trustProxy)}`, async () => {
      expect(await bothAddresses(trustProxy, header)).toEqual([is, is]);
    });
  }

  for (const header of ['nonsense', 'nonsense, 127.0.0.1']) {
    it(`is unknown, unlike in Express, where the header says ${header}`, async () => {
      expect(await bothAddresses(['loopback'], header)).toEqual(['nonsense', 'unknown']);
    });
  }
});
