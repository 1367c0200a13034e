import path from 'node:path';
import type { LoadOrder, LoadResult } from './activation-load.js';
import { run } from './processes.js';

/** One server under load. */
export interface Target {
  readonly name: string;
  readonly port: number;
}

const connections = 64;

/** Puts a load on a server, in a process of its own. */
export async function load(target: Target, seconds: number, rate?: number): Promise<LoadResult> {
  const order: LoadOrder = { port: target.port, connections, seconds, ...(rate && { rate }) };
  const program = path.join(import.meta.dirname, 'activation-load.js');
  const result = JSON.parse(await run([program, JSON.stringify(order)])) as LoadResult;
  if (result.failed > 0) throw new Error(`${target.name} refused ${result.failed} activations`);
  return result;
}
