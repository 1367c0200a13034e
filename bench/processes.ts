import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const started: ChildProcess[] = [];

/** The benchmark's own folder: logs and Redis's data. It goes with `stopAll`. */
export const folder = mkdtempSync(path.join(tmpdir(), 'mi-bench-'));

/** Ends every process that was started here. */
export async function stopAll(): Promise<void> {
  await Promise.all(
    started.splice(0).map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }),
  );
  rmSync(folder, { recursive: true, force: true });
}

/** A Redis of its own. `always` writes and syncs its log before it answers. Answers its port. */
export async function startRedis(appendfsync: 'none' | 'always'): Promise<number> {
  const port = await freePort();
  const dir = mkdtempSync(path.join(folder, 'redis-'));
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const log = appendfsync === 'none' ? [] : ['--appendonly', 'yes', '--appendfsync', appendfsync];
  const child = start('redis-server', [...words, ...log], {}, ['ignore', 'pipe', 'inherit']);
  await line(child, (text) => text.includes('eady to accept connections'));
  return port;
}

/** The app as it is shipped, with its log in a file. Answers its port. */
export async function startApp(redisPort: number): Promise<number> {
  const port = await freePort();
  const env = { ...appEnvironment(redisPort), PORT: `${port}` };
  const log = openSync(path.join(folder, `app-${port}.log`), 'w');
  const child = start(process.execPath, ['dist/main.js'], env, ['ignore', log, 'inherit']);
  await untilHealthy(child, port);
  return port;
}

/** The settings of an app that takes a store of this machine, and a full load from one address. */
export function appEnvironment(redisPort: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    SESSION_SECRETS: 'the secret of a benchmark has 32 bytes or more',
    ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 1).toString('base64')}`,
    ALLOW_HTTP_STORES: 'true',
    ALLOW_PRIVATE_STORES: 'true',
    LOG_LEVEL: 'info',
    MAX_PENDING: '100000000',
  };
}

/** Starts one of the benchmark's own programs. Answers the first line it prints. */
export async function startProgram(name: string, words: readonly string[]): Promise<string> {
  const file = path.join(import.meta.dirname, `${name}.js`);
  return line(start(process.execPath, [file, ...words], {}, ['ignore', 'pipe', 'inherit']));
}

/** Runs a command to its end. Answers what it printed. */
export async function run(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input = '',
): Promise<string> {
  const child = start(process.execPath, words, env, ['pipe', 'pipe', 'inherit']);
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`${words.slice(0, 2).join(' ')} ended with ${code ?? 'a signal'}`);
  return printed;
}

function start(
  command: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  stdio: StdioOptions,
): ChildProcess {
  const child = spawn(command, words, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio,
  });
  started.push(child);
  return child;
}

async function line(child: ChildProcess, isIt = (_text: string) => true): Promise<string> {
  if (!child.stdout) throw new Error('a process whose output nobody reads');
  for await (const text of createInterface(child.stdout)) {
    if (!isIt(text)) continue;
    child.stdout.resume();
    return text;
  }
  throw new Error(`${child.spawnfile} ended before it was ready`);
}

async function untilHealthy(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the app ended before it was ready');
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
