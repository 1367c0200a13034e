import { Router } from 'express';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { NoticeStore } from '../credentials/notice-store.js';
import type { TimelineStore } from '../timeline/timeline-store.js';
import { takeNotice } from './console-session.js';
import { frameOf } from './frame-view.js';
import { refusalsSince } from './refusal-view.js';
import { readSearch } from './search.js';
import { storeListView } from './store-list-view.js';

export interface StoreListDeps {
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly notices: Pick<NoticeStore, 'find'>;
  readonly timeline: Pick<TimelineStore, 'withCode' | 'refusedSince'>;
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/** `GET /console`: every connected store, or those that `q` finds. */
export function storeListRoutes(deps: StoreListDeps): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const now = deps.now();
    const wanted = readSearch(req.query);
    const credentials = await deps.credentials.list();
    const view = storeListView({
      frame: frameOf(req, res, deps),
      notice: takeNotice(req),
      credentials,
      notices: await Promise.all(credentials.map(deps.notices.find)),
      refusals: await deps.timeline.refusedSince(refusalsSince(now)),
      search: wanted,
      attempts: await deps.timeline.withCode(wanted.query),
      publicUrl: deps.publicUrl,
      now,
    });
    res.render('console/store-list', view);
  });
  return router;
}
