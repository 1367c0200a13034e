import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import tls, { createSecureContext, type TLSSocket } from 'node:tls';
import { afterAll, describe, expect, it } from '@jest/globals';
import { storeHttp } from '../../src/magento/store-http.js';
import { newAuthority } from '../support/certificates.js';

const stops: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  await Promise.all(stops.map(async (stop) => stop()));
});

const authority = newAuthority();

/** A client that trusts this authority, for which every name leads to this machine. */
function client(...extraAuthorities: readonly string[]) {
  const http = storeHttp(
    { hosts: [], allowHttp: false, allowPrivate: true },
    {
      limits: { deadlineMs: 10_000, replyBytes: 4096 },
      lookUp: () => Promise.resolve(['127.0.0.1']),
      extraAuthorities,
    },
  );
  stops.push(() => http.close());
  return (url: string, headers = {}) => http.send({ method: 'GET', url, headers });
}

/** A store over TLS, and what it was told: the name asked for in the handshake, and the requests. */
async function serve(options: ServerOptions) {
  const requests: { sni: unknown; host: unknown; authorization: unknown; resumed: boolean }[] = [];
  const connections = new Map<unknown, { readonly sni: unknown; readonly resumed: boolean }>();
  const server = createServer(options, (req, res) => {
    const { host, authorization } = req.headers;
    requests.push({ ...connections.get(req.socket)!, host, authorization });
    res.setHeader('Connection', 'close').end(`for ${host ?? 'nobody'}`);
  });
  server.on('secureConnection', (socket: TLSSocket & { readonly servername?: unknown }) => {
    connections.set(socket, { sni: socket.servername, resumed: socket.isSessionReused() });
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

describe('a store over TLS', () => {
  it('is named in the handshake and in the request, though an address was connected to', async () => {
    const store = await serve(authority.issue('DNS:shop.example'));

    const reply = await client(authority.cert)(`https://shop.example:${store.port}/`);

    const host = `shop.example:${store.port}`;
    expect(reply.text).toBe(`for ${host}`);
    expect(store.requests).toMatchObject([{ sni: 'shop.example', host }]);
  });

  it('may be an address by itself, if its certificate is for that', async () => {
    const store = await serve(authority.issue('IP:127.0.0.1'));

    const reply = await client(authority.cert)(`https://127.0.0.1:${store.port}/`);

    expect(reply.status).toBe(200);
    expect(store.requests).toMatchObject([{ sni: false }]);
  });

  it('shows its certificate anew at each connection', async () => {
    const store = await serve(authority.issue('DNS:shop.example'));
    const get = client(authority.cert);

    for (let call = 0; call < 3; call += 1) await get(`https://shop.example:${store.port}/`);

    expect(store.requests.map(({ resumed }) => resumed)).toEqual([false, false, false]);
  });

  it('gets only what is meant for it, with many stores behind one address', async () => {
    const names = ['one.example', 'two.example'] as const;
    const contexts = new Map(
      names.map((name) => [name as string, createSecureContext(authority.issue(`DNS:${name}`))]),
    );
    const stores = await serve({
      ...authority.issue('DNS:neither.example'),
      SNICallback: (name, done) => {
        done(null, contexts.get(name));
      },
    });
    const get = client(authority.cert);
    const turns = Array.from({ length: 200 }, (_, turn) => names[turn % 2] ?? names[0]);

    const replies = await Promise.all(
      turns.map((name) =>
        get(`https://${name}:${stores.port}/`, { authorization: `OAuth for ${name}` }),
      ),
    );

    expect(replies.map(({ text }) => text)).toEqual(
      turns.map((name) => `for ${name}:${stores.port}`),
    );
    expect(stores.requests).toHaveLength(turns.length);
    for (const { sni, host, authorization } of stores.requests) {
      expect({ host, authorization }).toEqual({
        host: `${String(sni)}:${stores.port}`,
        authorization: `OAuth for ${String(sni)}`,
      });
    }
  }, 60_000);
});

describe('a certificate', () => {
  const stranger = newAuthority();
  const untrusted: Record<string, () => ServerOptions> = {
    'of an authority that nobody named': () => stranger.issue('DNS:shop.example'),
    'for another host': () => authority.issue('DNS:other.example'),
    'for another host of the domain': () => authority.issue('DNS:www.shop.example'),
    'that has expired': () => authority.issue('DNS:shop.example', -1),
    'that it signed itself': () => stranger.itself,
  };
  for (const [what, options] of Object.entries(untrusted)) {
    it(`${what} is store_tls_untrusted, and nothing is sent`, async () => {
      const store = await serve(options());

      const reply = client(authority.cert)(`https://shop.example:${store.port}/`);

      await expect(reply).rejects.toMatchObject({ code: 'store_tls_untrusted' });
      expect(store.requests).toEqual([]);
    });
  }

  it('is trusted on the word of any authority that was named', async () => {
    const store = await serve(stranger.issue('DNS:shop.example'));

    const reply = await client(
      authority.cert,
      stranger.cert,
    )(`https://shop.example:${store.port}/`);

    expect(reply.status).toBe(200);
  });

  it('is never trusted on the word of an authority that was not', async () => {
    const store = await serve(authority.issue('DNS:shop.example'));

    await expect(client()(`https://shop.example:${store.port}/`)).rejects.toMatchObject({
      code: 'store_tls_untrusted',
    });
    expect(store.requests).toEqual([]);
  });
});

describe('a TLS server', () => {
  it('that speaks no TLS newer than 1.1 is refused, whatever Node.js would take', async () => {
    const before = { version: tls.DEFAULT_MIN_VERSION, ciphers: tls.DEFAULT_CIPHERS };
    stops.push(() => {
      tls.DEFAULT_MIN_VERSION = before.version;
      tls.DEFAULT_CIPHERS = before.ciphers;
    });
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    tls.DEFAULT_CIPHERS = 'DEFAULT:@SECLEVEL=0';
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
    const store = await serve({ ...authority.issue('DNS:shop.example'), ...old });

    const reply = client(authority.cert)(`https://shop.example:${store.port}/`);

    await expect(reply).rejects.toMatchObject({ code: 'store_tls_untrusted' });
    expect(store.requests).toEqual([]);
  });

  it('that never ends its handshake is store_unreachable, since it was asked nothing', async () => {
    const sockets: Socket[] = [];
    const server = createTcpServer((socket) => sockets.push(socket.on('error', () => undefined)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    stops.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const { port } = server.address() as AddressInfo;

    await expect(client(authority.cert)(`https://shop.example:${port}/`)).rejects.toMatchObject({
      code: 'store_unreachable',
    });
    expect(sockets).toHaveLength(1);
  });
});
