import { activationRequest } from './activation-request.js';
import { keepAliveConnection, type KeepAliveConnection } from './keep-alive-client.js';
import { percentile } from './statistics.js';

/** What a load process is told, as JSON in its only argument. */
export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second, whatever the server does; absent: as many as it answers. */
  readonly rate?: number;
}

/** What it prints, as JSON. */
export interface LoadResult {
  readonly perSecond: number;
  /** Counted from the moment at which a request was due, so that a server that stalls pays for those it held up. */
  readonly p99Ms: number;
  readonly failed: number;
}

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder;
const connections = await Promise.all(
  Array.from({ length: order.connections }, () => keepAliveConnection(order.port)),
);
const latenciesMs: number[] = [];
let failed = 0;
const startedAt = performance.now();
await (order.rate === undefined ? asFastAsAnswered() : atRate(order.rate));
const elapsedMs = performance.now() - startedAt;
for (const connection of connections) connection.close();
const result: LoadResult = {
  perSecond: Math.round((latenciesMs.length / elapsedMs) * 1000),
  p99Ms: percentile(latenciesMs, 0.99),
  failed,
};
process.stdout.write(JSON.stringify(result));

/** Each connection sends its next request when it has its answer. */
async function asFastAsAnswered(): Promise<void> {
  const end = startedAt + order.seconds * 1000;
  const goOn = (connection: KeepAliveConnection, done: () => void) => {
    const now = performance.now();
    if (now >= end) done();
    else {
      send(connection, now, () => {
        goOn(connection, done);
      });
    }
  };
  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((done) => {
          goOn(connection, done);
        }),
    ),
  );
}

/** Sends what is due as soon as a connection is free; what has to wait for one is late, and counts as late. */
async function atRate(perSecond: number): Promise<void> {
  const total = Math.floor(order.seconds * perSecond);
  const free = [...connections];
  let sent = 0;
  await new Promise<void>((done) => {
    const sendDue = () => {
      for (;;) {
        const due = startedAt + (sent / perSecond) * 1000;
        const connection = sent < total && due <= performance.now() ? free.pop() : undefined;
        if (!connection) return;
        sent += 1;
        send(connection, due, () => {
          free.push(connection);
          if (free.length === connections.length && sent === total) {
            clearInterval(timer);
            done();
          } else sendDue();
        });
      }
    };
    const timer = setInterval(sendDue, 1);
  });
}

function send(connection: KeepAliveConnection, due: number, done: () => void): void {
  connection.send(activationRequest(), (status) => {
    if (status === 200) latenciesMs.push(performance.now() - due);
    else failed += 1;
    done();
  });
}
