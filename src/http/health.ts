import { Router } from 'express';

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
