import type { IncomingMessage } from 'node:http';
import { Router } from 'express';

/** Whether this asks for one of the two below: a load balancer does, by whatever name and scheme it knows the app. */
export function isHealthProbe({ url = '' }: IncomingMessage): boolean {
  return /^\/(healthz|readyz)(\?|$)/.test(url);
}

/** `GET /healthz`: the process answers. `GET /readyz`: it can also serve, which it cannot without Redis. */
export function healthRoutes({ isReady }: { readonly isReady: () => Promise<boolean> }): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.type('text/plain').send('ok');
  });
  router.get('/readyz', async (_req, res) => {
    const ready = await isReady();
    res
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ok' : 'not ready');
  });
  return router;
}
