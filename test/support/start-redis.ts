import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { Redis, type CommonRedisOptions } from 'ioredis';

/** A real server for one test file. It is killed, and its folder removed, when the file's tests are over. */
export interface TestRedis {
  /** What `new Redis(url)` takes: `redis://127.0.0.1:PORT/` with `tcp: true`, else the socket's path. */
  readonly url: string;
  /** The Unix socket, there with `tcp: true` too. */
  readonly socketPath: string;
  readonly folder: string;
  /** Another one after `revive`. */
  readonly pid: number;
  /** A new client of it (over the port with `tcp: true`), disconnected when the server stops. */
  client(options?: Omit<CommonRedisOptions, 'replyMapping'>): Redis;
  /** Kills the server with SIGKILL, and leaves its folder as it is. */
  kill(): Promise<void>;
  /** Starts it again in its folder and on its port. Resolves when it is ready, or `'starting'` at once. */
  revive(until?: 'ready' | 'starting', args?: readonly string[]): Promise<void>;
  /** Kills the server and removes its folder; a second call does nothing. */
  stop(): Promise<void>;
}

export interface TestRedisOptions {
  /** Listens on a port of 127.0.0.1 as well. */
  readonly tcp?: boolean;
  /** `appendonly` is `no` unless an `appendfsync` is named here. */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
  /** More words for the server's command line: `['--maxmemory', '1mb']`. The last one of a setting wins. */
  readonly args?: readonly string[];
}

const started: TestRedis[] = [];

// Registered when a test file imports this, so that startRedis() may be called in a test or a hook as well.
afterAll(async () => {
  await Promise.all(started.map((redis) => redis.stop()));
});

/** Starts redis-server or valkey-server in a folder of its own. Throws when neither is on PATH. */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const command = serverCommand();
  const folder = await mkdtemp(path.join(tmpdir(), 'mi-redis-'));
  const socketPath = path.join(folder, 'redis.sock');
  const port = options.tcp ? await freePort() : 0;
  const words = serverArguments(folder, socketPath, port, options);
  const start = (args: readonly string[] = []) =>
    spawn(command, [...words, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let child = start();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const clients: Redis[] = [];
  const redis: TestRedis = {
    url: options.tcp ? `redis://127.0.0.1:${port}/` : socketPath,
    socketPath,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    client(clientOptions = {}) {
      // ioredis arms this timer even for a connection that is gone already, and jest would wait for it.
      const settings = { disconnectTimeout: 50, ...clientOptions };
      const client = options.tcp
        ? new Redis({ host: '127.0.0.1', port, ...settings })
        : new Redis({ path: socketPath, ...settings });
      // Without a listener ioredis prints every lost connection; the command that fails tells the test.
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    kill,
    async revive(until = 'ready', args = []) {
      child = start(args);
      if (until === 'ready') await ready(child);
    },
    async stop() {
      for (const client of clients) client.disconnect();
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  started.push(redis);
  await ready(child);
  return redis;
}

/** The server to test with, from PATH. */
export function serverCommand(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const command = ['redis-server', 'valkey-server']
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find((file) => existsSync(file));
  if (!command) {
    throw new Error(
      'these tests need redis-server or valkey-server on PATH; `npm test` installs it',
    );
  }
  return command;
}

function serverArguments(
  folder: string,
  socketPath: string,
  port: number,
  { appendfsync, args = [] }: TestRedisOptions,
): string[] {
  return [
    ...['--port', `${port}`, '--bind', '127.0.0.1'],
    ...['--unixsocket', socketPath, '--unixsocketperm', '700'],
    ...['--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'],
    ...(appendfsync ? ['--appendonly', 'yes', '--appendfsync', appendfsync] : []),
    ...args,
  ];
}

/** Settles at the server's own line, so that nothing has to poll. */
async function ready(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (/ready to accept connections/i.test(output)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`the test's Redis server ended with ${code ?? 'a signal'}: ${output}`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
