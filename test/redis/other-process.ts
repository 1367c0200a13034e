import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';
import { transformFile } from '@swc/core';
import type { RedisSettings } from '../../src/redis/redis-service.js';

const root = path.resolve(import.meta.dirname, '../..');

/** What the other process runs: it opens Redis, then does what it is told until it is told to close. */
const program = `
import { createLog } from './src/log.js';
import { openRedis } from './src/redis/open-redis.js';
try {
  const service = await openRedis(JSON.parse(process.argv[2]), createLog('silent'));
  process.on('message', async (words) => {
    if (words[0] === 'close') {
      await service.close();
      process.disconnect();
    } else process.send({ answer: await service.client.call(...words) });
  });
  process.send({ kind: service.kind });
} catch (error) {
  process.send({ code: error.code, message: error.message });
  process.disconnect();
}
`;

/** Another process that has opened Redis, or could not. */
export interface OtherProcess {
  readonly child: ChildProcess;
  readonly opened: { readonly kind?: string; readonly code?: string; readonly message?: string };
  call(...words: string[]): Promise<unknown>;
  /** Closes Redis and waits for the process to end by itself. */
  close(): Promise<void>;
  kill(): Promise<void>;
}

const children: ChildProcess[] = [];
let folder: Promise<string> | undefined;

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  if (folder) await rm(await folder, { recursive: true, force: true });
});

export async function openInOtherProcess(settings: RedisSettings): Promise<OtherProcess> {
  folder ??= compiled();
  const child = fork(path.join(await folder, 'program.js'), [JSON.stringify(settings)], {
    env: {},
  });
  children.push(child);
  const ended = once(child, 'exit');
  const [opened] = (await once(child, 'message')) as [OtherProcess['opened']];
  return {
    child,
    opened,
    async call(...words) {
      child.send(words);
      const [{ answer }] = (await once(child, 'message')) as [{ answer: unknown }];
      return answer;
    },
    async close() {
      child.send(['close']);
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Node 20 does not run TypeScript, and `dist/` may be older than the source. */
async function compiled(): Promise<string> {
  const target = await mkdtemp(path.join(tmpdir(), 'mi-other-'));
  const folders = ['redis', 'log'];
  for (const folder of folders) await mkdir(path.join(target, 'src', folder), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(target, 'node_modules'));
  await writeFile(path.join(target, 'package.json'), '{ "type": "module" }');
  await writeFile(path.join(target, 'program.js'), program);
  const files = folders.flatMap((name) =>
    readdirSync(path.join(root, 'src', name)).map((file) => `${name}/${file}`),
  );
  for (const name of [...files, 'errors.ts', 'log.ts']) {
    const { code } = await transformFile(path.join(root, 'src', name), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'es6' },
    });
    await writeFile(path.join(target, 'src', name.replace(/\.ts$/, '.js')), code);
  }
  return target;
}
