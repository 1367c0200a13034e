import { Router } from 'express';
import type { Logger } from '../log.js';
import { supportCode } from '../timeline/support-code.js';
import { consoleForm } from './console-session.js';
import { checkStore, type CheckDeps } from './check-store.js';
import { storePath } from './places.js';
import { operatorOf } from './require-operator.js';
import { showStore, storeAsked, type StorePageDeps } from './store-page.js';

export type StoreDeps = StorePageDeps & CheckDeps & { readonly log: Logger };

/** `GET /console/stores/:consumerKey`, the page of one store, and `POST …/check`, which looks how it fares now. */
export function storeRoutes(deps: StoreDeps): Router {
  const router = Router();

  router.get('/stores/:consumerKey', async (req, res) => {
    const credential = await storeAsked(deps, req, res);
    if (credential) await showStore(deps, req, res, credential);
  });

  router.post('/stores/:consumerKey/check', ...consoleForm, async (req, res) => {
    const credential = await storeAsked(deps, req, res);
    if (!credential) return;
    const result = await checkStore(deps, credential);
    deps.log.info({
      event: 'store_checked',
      account: operatorOf(res).name,
      activation: supportCode(credential.consumerKey),
      result,
    });
    res.redirect(303, storePath(credential.consumerKey));
  });

  // The page that answers a form has the form's address; typed or reloaded, it leads back to the store.
  router.get(
    ['check', 'reveal', 'dismiss'].map((action) => `/stores/:consumerKey/${action}`),
    (req, res) => {
      res.redirect(303, storePath(String(req.params['consumerKey'])));
    },
  );
  return router;
}
