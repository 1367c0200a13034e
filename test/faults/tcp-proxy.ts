import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll } from '@jest/globals';

/**
 * What becomes of a message: it goes on, it is lost with its connection, or it is swallowed while the connection
 * stays up, silent from then on.
 */
export type Verdict = 'pass' | 'reset' | 'swallow';

/** Looks at one message before it goes on, and may take its time: what comes after it waits. */
export type Watch = (message: Buffer) => Verdict | Promise<Verdict>;

/** A proxy that can do to a connection what a network and a crash can do. Its port stays the same. */
export interface TcpProxy {
  readonly port: number;
  /** Sees each message of a client before it is forwarded. */
  onRequest: Watch;
  /** Sees, once it has come, the answer to a message before it is delivered; it is given that message. */
  onReply: Watch;
  /** Leads new connections elsewhere; those there are stay. */
  leadTo(port: number): void;
  /** Cuts every connection with a reset. */
  cut(): void;
  /** Swallows everything on the connections there are, for ever, and on new ones until `open`. */
  blackHole(): void;
  open(): void;
}

/** Cuts what a client has sent into messages; `rest` is the beginning of one that is still to come. */
export type Split = (bytes: Buffer) => { readonly messages: Buffer[]; readonly rest: Buffer };

const proxies: { close(): void }[] = [];

afterAll(() => {
  for (const proxy of proxies.splice(0)) proxy.close();
});

/** Stands between a client and a port of 127.0.0.1. One message at a time: the next goes on when an answer came. */
export async function startProxy(port: number, split: Split = asItCame): Promise<TcpProxy> {
  let target = port;
  let dark = false;
  const pairs = new Set<Pair>();
  const server = createServer((client) => {
    if (dark) {
      pairs.add(silentPair(client));
      return;
    }
    const pair = connectedPair(client, connect(target, '127.0.0.1'), split, proxy);
    pairs.add(pair);
    client.once('close', () => pairs.delete(pair));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const each = (act: (pair: Pair) => void) => {
    for (const pair of pairs) act(pair);
  };
  const cut = () => {
    each((pair) => {
      pair.reset();
    });
  };
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    onRequest: () => 'pass',
    onReply: () => 'pass',
    leadTo(other) {
      target = other;
    },
    cut,
    blackHole() {
      dark = true;
      each((pair) => {
        pair.swallow();
      });
    },
    open() {
      dark = false;
    },
  };
  proxies.push({
    close() {
      server.close();
      cut();
    },
  });
  return proxy;
}

interface Pair {
  reset(): void;
  swallow(): void;
}

function asItCame(bytes: Buffer): ReturnType<Split> {
  return { messages: [bytes], rest: Buffer.alloc(0) };
}

function silentPair(client: Socket): Pair {
  client.on('error', () => undefined).resume();
  return { reset: () => client.resetAndDestroy(), swallow: () => undefined };
}

function connectedPair(client: Socket, server: Socket, split: Split, watch: TcpProxy): Pair {
  let silent = false;
  let rest: Buffer = Buffer.alloc(0);
  const waiting: Buffer[] = [];
  let asked: Buffer | undefined;
  let deliveries = Promise.resolve();

  const reset = () => {
    client.resetAndDestroy();
    server.destroy();
  };
  /** Does what a watcher decided; true when the message is to go on. */
  const goesOn = async (verdict: Verdict | Promise<Verdict>) => {
    const decided = await verdict;
    if (decided === 'reset') reset();
    if (decided === 'swallow') silent = true;
    return decided === 'pass' && !silent;
  };
  const sendNext = async () => {
    if (asked || waiting.length === 0) return;
    asked = waiting.shift();
    if (asked && (await goesOn(watch.onRequest(asked)))) server.write(asked);
  };
  const deliver = async (bytes: Buffer) => {
    const question = asked;
    if (silent || !(question ? await goesOn(watch.onReply(question)) : true)) return;
    client.write(bytes);
    asked = undefined;
    await sendNext();
  };

  client.setNoDelay(true).on('data', (bytes) => {
    if (silent) return;
    const cut = split(Buffer.concat([rest, bytes]));
    rest = cut.rest;
    waiting.push(...cut.messages);
    void sendNext();
  });
  server.setNoDelay(true).on('data', (bytes) => {
    deliveries = deliveries.then(() => deliver(bytes));
  });
  client.on('error', () => undefined).on('close', () => server.destroy());
  server
    .on('error', () => undefined)
    .on('close', () => {
      void deliveries.then(() => {
        if (!silent) client.destroy();
      });
    });
  return {
    reset,
    swallow() {
      silent = true;
    },
  };
}
