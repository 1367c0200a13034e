import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import express from 'express';

/** Whether the sender of what came through so many hops may say on whose behalf: Express's compiled `trust proxy`. */
export type TrustedProxy = (address: string, hop: number) => boolean;

/** Express's own reading of `TRUST_PROXY`, for what stands in front of Express. Nobody is trusted without it. */
export function trustedProxy(trustProxy: number | readonly string[] | undefined): TrustedProxy {
  const app = express();
  app.set('trust proxy', trustProxy ?? false);
  return app.get('trust proxy fn') as TrustedProxy;
}

/**
 * Who sent a request: what Express calls `req.ip`. Read from the near end of `X-Forwarded-For`, the first address
 * that is no trusted proxy; `unknown` when it is no address, or the connection is gone.
 */
export function clientAddress(req: IncomingMessage, isTrusted: TrustedProxy): string {
  const nearest = req.socket.remoteAddress ?? '';
  const header = req.headers['x-forwarded-for'];
  if (header === undefined) return addressOf(nearest);
  const forwarded = String(header)
    .split(',')
    .map((address) => address.replace(/^ +| +$/g, ''))
    .filter((address) => address !== '');
  const hops = [nearest, ...forwarded.reverse()];
  return addressOf(hops.find((address, hop) => !isTrusted(address, hop)) ?? hops.at(-1) ?? '');
}

function addressOf(text: string): string {
  return isIP(text) === 0 ? 'unknown' : text;
}
