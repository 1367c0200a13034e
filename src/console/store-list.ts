import { Router } from 'express';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { NoticeStore } from '../credentials/notice-store.js';
import { takeNotice } from './console-session.js';
import { frameOf } from './frame-view.js';
import { readSearch } from './search.js';
import { storeListView } from './store-list-view.js';

export interface StoreListDeps {
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly notices: Pick<NoticeStore, 'find'>;
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/** `GET /console`: every connected store, or those that `q` finds. */
export function storeListRoutes(deps: StoreListDeps): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const credentials = await deps.credentials.list();
    const view = storeListView({
      frame: frameOf(req, res, deps),
      notice: takeNotice(req),
      credentials,
      notices: await Promise.all(credentials.map(deps.notices.find)),
      search: readSearch(req.query),
      publicUrl: deps.publicUrl,
      now: deps.now(),
    });
    res.render('console/store-list', view);
  });
  return router;
}
