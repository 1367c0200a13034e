import { Router } from 'express';
import type { Credential } from '../credentials/credential.js';
import type { NoticeStore } from '../credentials/notice-store.js';
import type { InvitationStore } from '../invitations/invitation-store.js';
import { speechOf } from '../language/speech.js';
import type { Logger } from '../log.js';
import { placeForm } from '../sign-in/place-session.js';
import { accountOf } from '../sign-in/require-account.js';
import { supportCode } from '../timeline/support-code.js';
import { accountPlace } from './account-place.js';
import { frameOf } from './frame-view.js';
import { ownStore, type OwnStoreDeps } from './own-store.js';
import { storesView } from './stores-view.js';

export interface StoresDeps extends OwnStoreDeps {
  readonly notices: Pick<NoticeStore, 'find'>;
  readonly invitations: Pick<InvitationStore, 'ofAccount'>;
  /** Makes one signed call to a store, and notes and answers what it showed. */
  readonly checkStore: (credential: Credential) => Promise<string>;
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly log: Logger;
}

/** `GET /account`, the account's own stores, and `POST /account/stores/:code/check`, which looks how one fares now. */
export function storesRoutes(deps: StoresDeps): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const { name } = accountOf(res);
    const [credentials, invitations] = await Promise.all([
      deps.credentials.listOf(name),
      deps.invitations.ofAccount(name),
    ]);
    const view = storesView(speechOf(res), {
      credentials,
      invitations,
      notices: await Promise.all(credentials.map(deps.notices.find)),
      publicUrl: deps.publicUrl,
      now: deps.now(),
    });
    res.render('account/stores', {
      frame: frameOf(req, res, deps, 'stores'),
      ...view,
    });
  });

  router.post('/stores/:code/check', ...placeForm(accountPlace), async (req, res) => {
    const credential = await ownStore(deps, req, res);
    if (!credential) return;
    const result = await deps.checkStore(credential);
    deps.log.info({
      event: 'store_checked',
      account: accountOf(res).name,
      activation: supportCode(credential.consumerKey),
      result,
    });
    res.redirect(303, '/account');
  });

  // The page that answers a form has the form's address; typed or reloaded, it leads back.
  router.get('/stores/:code/check', (_req, res) => {
    res.redirect(303, '/account');
  });
  return router;
}
