import { Router } from 'express';
import { sessionRequired } from '../../accounts/session.js';
import { signedInAccount, type SignedInDeps } from '../../accounts/signed-in-account.js';
import { AppError } from '../../errors.js';
import type { FailureContext } from '../../http/error-handler.js';
import { popupHeaders } from '../../http/security-headers.js';
import { checkAccount } from '../exchange/next-step.js';
import { situationOf, type SituationDeps } from '../exchange/situation.js';
import { noteFailures } from '../attempt-notes.js';
import { loginPath } from '../popup-paths.js';
import { popupOf, subjectOf } from '../popup.js';
import { noteConnected, type NoteConnectedDeps } from './note-connected.js';
import { showProgress } from './progress-view.js';
import { showEnd, type SendBackDeps } from './send-back.js';
import { stageOf } from './stage.js';

export type ProgressDeps = SituationDeps & SignedInDeps & NoteConnectedDeps & SendBackDeps;

/**
 * `GET /login/progress`: how far the exchange is that this browser's sign-in waits for. It asks the records alone, so it
 * does not matter which process runs the exchange, nor whether that one dies; and it ends as the sign-in would have.
 */
export function progressRoutes(deps: ProgressDeps): Router {
  const router = Router();
  router.get('/login/progress', popupHeaders(), sessionRequired, async (req, res) => {
    const popup = popupOf(req, req.query, deps.now());
    const { waiting } = popup;
    noteFailures(deps, res, popup, waiting?.account);
    const context: FailureContext = res.locals;
    context.tryAgain = loginPath(popup.id);
    const account = await signedInAccount(deps, req);
    if (!waiting || waiting.account !== account?.name) {
      res.redirect(303, loginPath(popup.id));
      return;
    }
    const situation = await situationOf(deps, {
      ...subjectOf(popup),
      wantedOrigin: waiting.storeOrigin,
    });
    checkAccount(account.name, situation);
    const stage = stageOf(situation);
    if (stage === 'over') {
      await noteConnected(deps, popup, waiting);
      showEnd(deps, res, popup, waiting);
    }
    // What ended it is not in the record. The form has the news, and signing in goes on from where it stands.
    else if (stage === 'stuck') res.redirect(303, loginPath(popup.id));
    else showProgress(res, popup, waiting, stage);
  });
  router.all('/login/progress', popupHeaders(), (req, res) => {
    res.set('Allow', 'GET, HEAD');
    throw new AppError('method_not_allowed', `${req.method} on the progress page`);
  });
  return router;
}
