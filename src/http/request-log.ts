import type { RequestHandler } from 'express';
import type { Logger } from '../log.js';

/** One line for each answered request: the route as it is written in the code, since paths and queries hold keys. */
export function requestLog({ log }: { readonly log: Logger }): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now();
    res.on('close', () => {
      const route = req.route as { readonly path: unknown } | undefined;
      log.info({
        event: 'request',
        method: req.method,
        route: route && `${req.baseUrl}${String([route.path].flat()[0])}`,
        status: res.statusCode,
        answered: res.writableFinished,
        ms: Math.round(performance.now() - startedAt),
      });
    });
    next();
  };
}
