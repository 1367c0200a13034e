import { Router } from 'express';
import { z } from 'zod';
import type { CredentialStore } from '../credentials/credential-store.js';
import { addressesToPaste } from '../http/addresses.js';
import { readSupportCode } from '../timeline/support-code.js';
import type { TimelineStore } from '../timeline/timeline-store.js';
import { attemptView } from './attempt-view.js';
import { frameOf } from './frame-view.js';
import { attemptPath } from './places.js';

export interface AttemptListDeps {
  readonly credentials: Pick<CredentialStore, 'find'>;
  readonly timeline: Pick<TimelineStore, 'recent'>;
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

const mostRows = 200;

const search = z.object({ code: z.string().trim().max(200).catch('') });

/** `GET /console/attempts`: the attempts in which something happened last; `code` leads to the one that has it. */
export function attemptListRoutes(deps: AttemptListDeps): Router {
  const router = Router();
  router.get('/attempts', async (req, res) => {
    const { code } = search.parse(req.query);
    const wanted = readSupportCode(code);
    if (wanted !== undefined) {
      res.redirect(303, attemptPath(wanted));
      return;
    }
    const attempts = await deps.timeline.recent(mostRows);
    const credentials = await Promise.all(
      attempts.map(({ consumerKey }) => deps.credentials.find(consumerKey)),
    );
    const now = deps.now();
    res.render('console/attempt-list', {
      frame: frameOf(req, res, deps),
      typed: code,
      isFull: attempts.length === mostRows,
      rows: attempts.map((attempt, place) => attemptView(attempt, credentials[place], now)),
      addresses: addressesToPaste(deps.publicUrl),
    });
  });
  return router;
}
