import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from '../log.js';

/** One line for each answered request: the route as it is written in the code, since paths and queries hold keys. */
export function requestLog({ log }: { readonly log: Logger }): RequestHandler {
  return (req, res, next) => {
    logRequest(log, req, res, () => {
      const route = req.route as { readonly path: unknown } | undefined;
      return route && `${req.baseUrl}${String([route.path].flat()[0])}`;
    });
    next();
  };
}

/** Writes that line once the answer is out, or its reader gone. */
export function logRequest(
  log: Logger,
  { method }: IncomingMessage,
  res: ServerResponse,
  route: () => string | undefined,
): void {
  const startedAt = performance.now();
  res.on('close', () => {
    log.info({
      event: 'request',
      method,
      route: route(),
      status: res.statusCode,
      answered: res.writableFinished,
      ms: Math.round(performance.now() - startedAt),
    });
  });
}
