import { Router } from 'express';
import type { Logger } from '../log.js';
import { placeForm } from '../sign-in/place-session.js';
import { accountOf } from '../sign-in/require-account.js';
import { supportCode } from '../timeline/support-code.js';
import { accountPlace } from './account-place.js';
import { frameOf } from './frame-view.js';
import { showNotFound } from './not-found.js';
import { leaveNotice } from './notice.js';
import { ownStore, storePath, type OwnStoreDeps } from './own-store.js';

export interface DisconnectDeps extends OwnStoreDeps {
  /** Forgets a connected store, and ends what is under way for it. Answers whether there was one. */
  readonly disconnectStore: (consumerKey: string) => Promise<boolean>;
  readonly log: Logger;
}

/** `/account/stores/:code/disconnect`: GET asks whether it is meant, POST forgets the store. */
export function disconnectRoutes(deps: DisconnectDeps): Router {
  const router = Router();

  router.get('/stores/:code/disconnect', async (req, res) => {
    const credential = await ownStore(deps, req, res);
    if (!credential) return;
    res.render('account/disconnect', {
      frame: frameOf(req, res, deps, 'stores'),
      host: new URL(credential.storeBaseUrl).host,
      path: storePath(supportCode(credential.consumerKey)),
    });
  });

  router.post('/stores/:code/disconnect', ...placeForm(accountPlace), async (req, res) => {
    const credential = await ownStore(deps, req, res);
    if (!credential) return;
    if (!(await deps.disconnectStore(credential.consumerKey))) {
      showNotFound(deps, req, res, 'store');
      return;
    }
    deps.log.info({
      event: 'store_disconnected',
      account: accountOf(res).name,
      activation: supportCode(credential.consumerKey),
    });
    leaveNotice(req, deps, 'disconnected', new URL(credential.storeBaseUrl).host);
    res.redirect(303, '/account');
  });
  return router;
}
