import { Router } from 'express';
import type { Logger } from '../log.js';
import { supportCode } from '../timeline/support-code.js';
import { consoleForm, leaveNotice } from './console-session.js';
import { frameOf } from './frame-view.js';
import { storePath } from './places.js';
import { operatorOf } from './require-operator.js';
import { showNotFound, storeAsked, type StorePageDeps } from './store-page.js';

export interface DisconnectDeps extends StorePageDeps {
  /** Forgets a connected store, and ends what is under way for it. Answers whether there was one. */
  readonly disconnectStore: (consumerKey: string) => Promise<boolean>;
  readonly log: Logger;
}

/** `/console/stores/:consumerKey/disconnect`: GET asks whether it is meant, POST forgets the store. */
export function disconnectRoutes(deps: DisconnectDeps): Router {
  const router = Router();

  router.get('/stores/:consumerKey/disconnect', async (req, res) => {
    const credential = await storeAsked(deps, req, res);
    if (!credential) return;
    res.render('console/disconnect', {
      frame: frameOf(req, res, deps),
      host: new URL(credential.storeBaseUrl).host,
      account: credential.account,
      path: storePath(credential.consumerKey),
    });
  });

  router.post('/stores/:consumerKey/disconnect', ...consoleForm, async (req, res) => {
    const credential = await storeAsked(deps, req, res);
    if (!credential) return;
    if (!(await deps.disconnectStore(credential.consumerKey))) {
      showNotFound(deps, req, res, 'store');
      return;
    }
    deps.log.info({
      event: 'store_disconnected',
      account: operatorOf(res).name,
      activation: supportCode(credential.consumerKey),
    });
    leaveNotice(req, deps, {
      text: `${new URL(credential.storeBaseUrl).host} is disconnected: its credential is deleted here.`,
      next: 'Magento was not told. Delete or reauthorize the integration there, too.',
    });
    res.redirect(303, '/console');
  });
  return router;
}
