import { setTimeout as delay } from 'node:timers/promises';
import type { Response } from 'express';
import type { Answer } from '../calls/answers.js';
import type { CallFault } from './faults.js';

/** Sends an answer, or its absence, in the manner of the fault. `closing` ends a manner that takes its time. */
export async function deliver(
  res: Response,
  answer: Answer | undefined,
  fault: CallFault | undefined,
  closing: AbortSignal,
): Promise<void> {
  if (!answer) {
    withhold(res, fault);
    return;
  }
  res.status(answer.status).set({ ...answer.headers, 'Content-Type': answer.contentType });
  if (answer.location !== undefined) res.set('Location', answer.location);
  if (fault?.do === 'drip') await drip(res, Buffer.from(answer.body), fault.ms, closing);
  else if (fault?.do === 'cut') cut(res, Buffer.from(answer.body));
  else res.end(answer.body);
}

function withhold({ socket }: Response, fault: CallFault | undefined): void {
  if (fault?.do === 'half-closed') socket?.end();
  // A connection over TLS has no handle that can be reset.
  else if (fault?.do === 'reset' && !isEncrypted(socket)) socket?.resetAndDestroy();
  else socket?.destroy();
}

async function drip(res: Response, body: Buffer, ms: number, closing: AbortSignal): Promise<void> {
  res.set('Content-Length', String(body.length));
  for (const byte of body) {
    if (res.destroyed) return;
    res.write(Uint8Array.of(byte));
    await delay(ms, undefined, { signal: closing });
  }
  res.end();
}

function cut(res: Response, body: Buffer): void {
  const { socket } = res;
  res.set('Content-Length', String(body.length));
  res.write(body.subarray(0, body.length / 2), () => socket?.destroySoon());
}

function isEncrypted(socket: Response['socket']): boolean {
  return socket !== null && 'encrypted' in socket;
}
