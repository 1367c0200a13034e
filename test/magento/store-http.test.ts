import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/errors.js';
import { storeHttp, type LookUp, type StoreHttp } from '../../src/magento/store-http.js';
import type { StorePolicy } from '../../src/magento/store-url.js';
import { untilClosed } from '../support/until-closed.js';

const stops: (() => Promise<void> | void)[] = [];

afterAll(async () => {
  await Promise.all(stops.map(async (stop) => stop()));
});

/** A client that gives up soon. */
function client(policy: Partial<StorePolicy> = {}, limits = {}, lookUp?: LookUp): StoreHttp {
  const http = storeHttp(
    { hosts: [], allowHttp: true, allowPrivate: true, ...policy },
    { limits: { deadlineMs: 400, replyBytes: 4096, ...limits }, lookUp },
  );
  stops.push(() => http.close().catch(() => undefined));
  return http;
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A server of HTTP on a free port, and the request lines it has read. */
async function serve(answer: RequestListener) {
  const requests: { method: string; url: string; headers: Record<string, unknown> }[] = [];
  const server = createServer((req, res) => {
    requests.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers });
    answer(req, res);
  });
  const port = await listening(server);
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, url: `http://127.0.0.1:${port}`, requests };
}

/** A server that does as it likes with each connection, once something has been asked. */
async function serveRaw(onRequest: (socket: Socket) => void) {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      onRequest(socket);
    });
    stops.push(() => {
      socket.destroy();
    });
  });
  const port = await listening(server);
  stops.push(() => {
    server.close();
  });
  return `http://127.0.0.1:${port}/`;
}

function get(http: StoreHttp, url: string) {
  return http.send({ method: 'GET', url, headers: { accept: 'application/json' } });
}

describe('send', () => {
  it('sends method, headers and body, and gives back status, text and date', async () => {
    let received = '';
    const store = await serve((req, res) => {
      req.on('data', (chunk: Buffer) => (received += chunk.toString()));
      req.on('end', () => res.writeHead(201, { 'X-Other': 'x' }).end('Grüße'));
    });

    const reply = await client().send({
      method: 'POST',
      url: `${store.url}/oauth/token/request`,
      headers: { authorization: 'OAuth a="b"' },
      body: 'a=1',
    });

    expect(reply).toMatchObject({ status: 201, text: 'Grüße', location: undefined });
    expect(Date.parse(reply.date ?? '')).not.toBeNaN();
    expect(received).toBe('a=1');
    expect(store.requests).toMatchObject([
      {
        method: 'POST',
        url: '/oauth/token/request',
        headers: { authorization: 'OAuth a="b"', host: `127.0.0.1:${store.port}` },
      },
    ]);
  });

  const paths = [
    '/',
    '/a%2cb%2C/%7e~',
    '/index.php/rest/V1/products?searchCriteria[pageSize]=1&x=%5b%5B',
    "/it's/(a)*!/a//b/../c/./d",
    '/x?a=%20+b&a&&=',
  ];
  for (const path of paths) {
    it(`sends ${path} byte for byte`, async () => {
      const store = await serve((_req, res) => res.end());

      await get(client(), `${store.url}${path}`);

      expect(store.requests.map(({ url }) => url)).toEqual([path]);
    });
  }

  it('follows no redirect', async () => {
    const other = await serve((_req, res) => res.end('followed'));
    const store = await serve((_req, res) =>
      res.writeHead(302, { Location: `${other.url}/x` }).end('moved'),
    );

    const reply = await get(client(), `${store.url}/`);

    expect(reply).toMatchObject({ status: 302, location: `${other.url}/x`, text: 'moved' });
    expect(other.requests).toEqual([]);
  });

  it('asks for no compression, and decodes none', async () => {
    const zipped = gzipSync('oauth_token=x');
    const store = await serve((_req, res) =>
      res.writeHead(200, { 'Content-Encoding': 'gzip' }).end(zipped),
    );

    const reply = await get(client(), `${store.url}/`);

    expect(store.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(reply.text).toBe(zipped.toString('utf8'));
  });

  it('pays no heed to a proxy in the environment', async () => {
    const proxy = await serve((_req, res) => res.end('from the proxy'));
    const store = await serve((_req, res) => res.end('from the store'));
    const before = { ...process.env };
    stops.push(() => {
      process.env = before;
    });
    for (const name of ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY']) process.env[name] = proxy.url;
    process.env['NODE_USE_ENV_PROXY'] = '1';

    const reply = await get(client(), `${store.url}/`);

    expect(reply.text).toBe('from the store');
    expect(proxy.requests).toEqual([]);
  });
});

describe('a policy without private addresses', () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    'localhost',
    'LOCALHOST.',
    'shop.localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:ffff:7f00:1]',
    '①②⑦.⓪.⓪.①',
  ];
  for (const host of hosts) {
    it(`never connects to ${host}`, async () => {
      const store = await serve((_req, res) => res.end());

      const reply = get(client({ allowPrivate: false }), `http://${host}:${store.port}/`);

      await expect(reply).rejects.toMatchObject({ code: 'store_address_forbidden' });
      expect(store.requests).toEqual([]);
    });
  }

  it('never connects to a name that leads to a private address', async () => {
    const own = readFileSync('/etc/hosts', 'utf8');
    const names = own
      .split('\n')
      .filter((line) => /^(127\.|::1|fe80|ff0|10\.|172\.|192\.168\.|255\.)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1))
      .filter((name) => /^[a-z0-9-]+$/i.test(name) && name !== 'localhost');
    const [name] = names;

    expect(name).toBeDefined();
    await expect(
      get(client({ allowPrivate: false }), `http://${name ?? ''}:9/`),
    ).rejects.toMatchObject({
      code: 'store_address_forbidden',
      message: "the store's host leads to a private address",
    });
  });

  it('connects to a name like localhost where private addresses are allowed', async () => {
    const store = await serve((_req, res) => res.end('here'));

    expect((await get(client(), `http://localhost:${store.port}/`)).text).toBe('here');
  });
});

describe('the policy', () => {
  it('refuses hosts other than STORE_HOSTS before anything is sent', async () => {
    const store = await serve((_req, res) => res.end());
    const http = client({ hosts: ['shop.example'] });

    await expect(get(http, `${store.url}/`)).rejects.toMatchObject({
      code: 'store_address_forbidden',
    });
    expect(store.requests).toEqual([]);
  });

  it('refuses http where it is not allowed', async () => {
    const store = await serve((_req, res) => res.end());

    await expect(get(client({ allowHttp: false }), `${store.url}/`)).rejects.toMatchObject({
      code: 'store_address_forbidden',
    });
    expect(store.requests).toEqual([]);
  });
});

describe('the name of a store', () => {
  /** A client for which every name leads to these addresses, and the names it has asked about. */
  function clientAt(...addresses: readonly string[]) {
    const asked: string[] = [];
    const http = client({}, { deadlineMs: 10_000 }, (hostname) => {
      asked.push(hostname);
      return Promise.resolve(addresses);
    });
    return { http, asked };
  }

  it('is looked up once for a connection, which goes to the answer and still names the host', async () => {
    const store = await serve((_req, res) => res.end('here'));
    const { http, asked } = clientAt('127.0.0.1');

    const { text } = await get(http, `http://shop.example:${store.port}/`);

    expect(text).toBe('here');
    expect(asked).toEqual(['shop.example']);
    expect(store.requests[0]?.headers).toMatchObject({ host: `shop.example:${store.port}` });
  });

  it('may have addresses where nothing listens: three are tried, and no more', async () => {
    const store = await serve((_req, res) => res.end('here'));
    const dead = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const;
    const found = clientAt(dead[0], dead[1], '127.0.0.1');
    const hidden = clientAt(...dead, '127.0.0.1');
    const url = `http://shop.example:${store.port}/`;

    expect((await get(found.http, url)).text).toBe('here');
    await expect(get(hidden.http, url)).rejects.toMatchObject({ code: 'store_unreachable' });
    expect(store.requests).toHaveLength(1);
  });

  it('is not waited for longer than for anything else; what comes of it then is not used', async () => {
    const store = await serve((_req, res) => res.end('here'));
    let answer: (addresses: string[]) => void = () => undefined;
    const http = client({}, {}, () => new Promise((resolve) => (answer = resolve)));

    await expect(get(http, `http://shop.example:${store.port}/`)).rejects.toMatchObject({
      code: 'store_timeout',
    });
    answer(['127.0.0.1']);
    await http.close();

    expect(store.requests).toEqual([]);
  });

  it('is sent nothing when the connection leads elsewhere than to the address that was checked', async () => {
    const store = await serve((_req, res) => res.end('here'));
    // The one address where the system itself connects to another: to this machine.
    const { http } = clientAt('0.0.0.0');

    await expect(get(http, `http://shop.example:${store.port}/`)).rejects.toMatchObject({
      code: 'store_address_forbidden',
      message: 'the connection leads to another address than was checked',
    });
    expect(store.requests).toEqual([]);
  });
});

describe('the connection to a store', () => {
  it('serves the calls of one exchange, and is gone soon after', async () => {
    const sockets = new Set<Socket>();
    const store = await serve((req, res) => {
      sockets.add(req.socket);
      res.end('x');
    });
    const http = client();

    for (let calls = 0; calls < 3; calls += 1) {
      await get(http, `${store.url}/`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const [socket] = sockets;
    if (!socket!.closed) await untilClosed(socket!);
    await get(http, `${store.url}/`);

    expect(sockets.size).toBe(2);
  });

  it('is another one when the store has closed the first without a word', async () => {
    const sockets = new Set<Socket>();
    const store = await serve((req, res) => {
      sockets.add(req.socket);
      res.end('x');
      res.on('finish', () => req.socket.end());
    });
    const http = client();

    await get(http, `${store.url}/`);
    const [socket] = sockets;
    if (!socket!.closed) await untilClosed(socket!);
    const { text } = await get(http, `${store.url}/`);

    expect(text).toBe('x');
    expect(sockets.size).toBe(2);
  });
});

describe('a store that fails', () => {
  it('is store_timeout when it says nothing', async () => {
    const url = await serveRaw(() => undefined);

    await expect(get(client(), url)).rejects.toMatchObject({ code: 'store_timeout' });
  });

  it('is store_reply_cut when it drips its reply without an end', async () => {
    const store = await serve((_req, res) => {
      const timer = setInterval(() => res.write('x'), 20);
      res.on('close', () => {
        clearInterval(timer);
      });
    });

    await expect(get(client(), `${store.url}/`)).rejects.toMatchObject({ code: 'store_reply_cut' });
  });

  it('is store_timeout when it drips its headers without an end', async () => {
    const url = await serveRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write('X-A: b\r\n'), 20);
      socket.on('close', () => {
        clearInterval(timer);
      });
    });

    await expect(get(client(), url)).rejects.toMatchObject({ code: 'store_timeout' });
  });

  const tooLarge: Record<string, RequestListener> = {
    'it announces': (_req, res) =>
      res.writeHead(200, { 'Content-Length': 5000 }).end('x'.repeat(5000)),
    'it does not announce': (_req, res) => {
      for (let part = 0; part < 50; part += 1) res.write('x'.repeat(100));
      res.end();
    },
    'of headers': (_req, res) =>
      res.writeHead(200, { 'X-A': 'x'.repeat(15_000), 'X-B': 'x'.repeat(5_000) }).end(),
  };
  for (const [what, answer] of Object.entries(tooLarge)) {
    it(`is store_reply_too_large for a lot ${what}`, async () => {
      const store = await serve(answer);

      await expect(get(client(), `${store.url}/`)).rejects.toMatchObject({
        code: 'store_reply_too_large',
      });
    });
  }

  it('is unreachable when nothing listens', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');

    await expect(get(client(), `http://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'store_unreachable',
    });
  });

  it('is unreachable when its name does not exist', async () => {
    const reply = get(client({}, { deadlineMs: 10_000 }), 'http://no-such-shop.invalid/');

    await expect(reply).rejects.toMatchObject({ code: 'store_unreachable' });
  });

  const noReply: Record<string, (socket: Socket) => void> = {
    'resets the connection': (socket) => socket.resetAndDestroy(),
    'closes the connection': (socket) => socket.end(),
    'does not speak HTTP': (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  };
  for (const [what, act] of Object.entries(noReply)) {
    it(`is store_no_reply when it ${what}`, async () => {
      const url = await serveRaw(act);

      await expect(get(client(), url)).rejects.toMatchObject({ code: 'store_no_reply' });
    });
  }

  it('is store_reply_cut when it closes the connection in the middle of a reply', async () => {
    const url = await serveRaw((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\noauth_token=x'),
    );

    await expect(get(client(), url)).rejects.toMatchObject({ code: 'store_reply_cut' });
  });

  it('is store_tls_untrusted when it speaks plain HTTP where TLS is expected', async () => {
    const store = await serve((_req, res) => res.end());

    await expect(get(client(), `https://127.0.0.1:${store.port}/`)).rejects.toMatchObject({
      code: 'store_tls_untrusted',
    });
  });

  it('is named by method and origin in the message, and by nothing of the path', async () => {
    const url = await serveRaw((socket) => socket.end());

    const error = await get(client(), `${url}oauth?secret=sentinel`).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(AppError);
    expect(String(error)).toContain(`GET ${url.slice(0, -1)} failed`);
    expect(String(error)).not.toContain('sentinel');
  });
});
