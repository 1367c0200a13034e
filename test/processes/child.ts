import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach } from '@jest/globals';
import { Redis } from 'ioredis';

export const root = path.resolve(import.meta.dirname, '../..');

/** A command of this project in a process of its own. It is killed after its test, or its test file, at the latest. */
export interface Child {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
  /** The log lines so far. */
  lines(): LogLine[];
  /** The next line with this event, past or to come; fails when the command ends without one. */
  line(event: string): Promise<LogLine>;
  /** Waits until this stands on standard output. */
  printed(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type LogLine = Readonly<Record<string, unknown>>;

export type Life = 'test' | 'file';

const children: Record<Life, ChildProcess[]> = { test: [], file: [] };
const folders: string[] = [];
const clients: Redis[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const child of children.test.splice(0)) child.kill('SIGKILL');
});

afterAll(() => {
  for (const child of children.file.splice(0)) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs `node scripts/run.js` with these words, and no other environment than this. */
export function run(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
  life: Life = 'test',
): Child {
  const child = spawn(process.execPath, ['scripts/run.js', ...words], { cwd: root, env });
  children[life].push(child);
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const lines = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  /** Looks again whenever something was printed. */
  const until = <T>(what: string, find: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(({ code }) => {
        reject(new Error(`ended with ${code ?? 'a signal'} before ${what}: ${stderr}`));
      });
    });
  return {
    pid: child.pid ?? 0,
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    lines,
    line: (event) => until(`"${event}"`, () => lines().find((line) => line['event'] === event)),
    printed: async (text) => {
      await until(`"${text}"`, () => stdout.includes(text) || undefined);
    },
    kill: (signal) => child.kill(signal),
  };
}

/** The settings of an app on an embedded Redis, with a store of this machine allowed. */
export function environment(dataDir: string, changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    DATA_DIR: dataDir,
    PORT: '0',
    ALLOW_HTTP_STORES: 'true',
    ALLOW_PRIVATE_STORES: 'true',
    ...changes,
  };
}

/** An app that listens, and where. */
export async function startMain(
  env: NodeJS.ProcessEnv,
  life: Life = 'test',
): Promise<Child & { readonly url: string }> {
  const child = run(['main'], env, '', life);
  const { url } = await child.line('listening');
  return { ...child, url: String(url) };
}

/** A client of the embedded Redis of a data folder. */
export function embeddedRedis(dataDir: string): Redis {
  const client = new Redis({
    path: path.join(dataDir, 'redis/redis.sock'),
    disconnectTimeout: 50,
  });
  client.on('error', () => undefined);
  clients.push(client);
  return client;
}

/** A PATH with what npm scripts need, and no Redis server. */
export function pathWithoutRedis(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mi-path-'));
  folders.push(folder);
  symlinkSync(process.execPath, path.join(folder, 'node'));
  for (const name of ['sh', 'env']) symlinkSync(`/usr/bin/${name}`, path.join(folder, name));
  return folder;
}

/** Waits until nobody listens at this address any more. */
export async function untilRefused(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  while (await accepts(hostname, Number(port)));
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
