import { Router } from 'express';
import type { CredentialStore } from '../credentials/credential-store.js';
import { readSupportCode, supportCode } from '../timeline/support-code.js';
import type { TimelineStore } from '../timeline/timeline-store.js';
import { attemptView } from './attempt-view.js';
import { frameOf } from './frame-view.js';
import { attemptPath, storePath } from './places.js';
import { showNotFound } from './store-page.js';

export interface AttemptDeps {
  readonly credentials: Pick<CredentialStore, 'find' | 'list'>;
  readonly timeline: Pick<TimelineStore, 'withCode'>;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/** `GET /console/attempts/:code`: what happened in the attempt, or the few attempts, with this support code. */
export function attemptRoutes(deps: AttemptDeps): Router {
  const router = Router();
  router.get('/attempts/:code', async (req, res) => {
    const typed = req.params.code;
    const code = readSupportCode(typed);
    if (code !== undefined && code !== typed) {
      res.redirect(303, attemptPath(code));
      return;
    }
    const attempts = code === undefined ? [] : await deps.timeline.withCode(code);
    if (attempts.length > 0) {
      const now = deps.now();
      const views = attempts.map(async (attempt) =>
        attemptView(attempt, await deps.credentials.find(attempt.consumerKey), now),
      );
      const frame = frameOf(req, res, deps);
      res.render('console/attempt', { frame, code, attempts: await Promise.all(views) });
      return;
    }
    // A store that was connected long ago has its code still, and nothing else to tell.
    const store = code && (await deps.credentials.list()).find(hasCode(code));
    if (store) res.redirect(303, storePath(store.consumerKey));
    else showNotFound(deps, req, res, 'attempt');
  });
  return router;
}

function hasCode(code: string) {
  return ({ consumerKey }: { readonly consumerKey: string }) => supportCode(consumerKey) === code;
}
