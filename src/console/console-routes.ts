import { Router } from 'express';
import { attemptListRoutes, type AttemptListDeps } from './attempt-list.js';
import { attemptRoutes, type AttemptDeps } from './attempt.js';
import { dismissRoutes, type DismissDeps } from './dismiss.js';
import { disconnectRoutes, type DisconnectDeps } from './disconnect.js';
import { revealRoutes, type RevealDeps } from './reveal.js';
import { storeListRoutes, type StoreListDeps } from './store-list.js';
import { showNotFound } from './store-page.js';
import { storeRoutes, type StoreDeps } from './store.js';

export type ConsoleDeps = StoreListDeps &
  StoreDeps &
  RevealDeps &
  DismissDeps &
  DisconnectDeps &
  AttemptListDeps &
  AttemptDeps;

/** Everything under `/console` that only operators may see; `requireOperator` stands in front of it. */
export function consoleRoutes(deps: ConsoleDeps): Router {
  const router = Router();
  router.use(storeListRoutes(deps));
  router.use(storeRoutes(deps));
  router.use(revealRoutes(deps));
  router.use(dismissRoutes(deps));
  router.use(disconnectRoutes(deps));
  router.use(attemptListRoutes(deps));
  router.use(attemptRoutes(deps));
  // Everybodyâs is at their account.
  router.get('/second-factor', (_req, res) => {
    res.redirect(303, '/account/second-factor');
  });
  router.use((req, res) => {
    showNotFound(deps, req, res, 'page');
  });
  return router;
}
