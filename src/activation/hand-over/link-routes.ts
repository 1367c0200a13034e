import { Router } from 'express';
import { sessionRequired } from '../../accounts/session.js';
import { AppError } from '../../errors.js';
import { popupHeaders } from '../../http/security-headers.js';
import { noteFailures, type NotesDeps } from '../attempt-notes.js';
import { storesAsking } from '../exchange/next-step.js';
import { situationOf, type SituationDeps } from '../exchange/situation.js';
import { loginPath } from '../popup-paths.js';
import { bindWindow } from '../popup.js';
import { hashOf, type HandOverStore } from './hand-over-store.js';
import { isDone } from './is-done.js';

export interface LinkDeps extends SituationDeps, NotesDeps {
  readonly handOvers: HandOverStore;
  readonly returnOrigins: readonly string[];
  readonly randomToken: () => string;
}

/**
 * `GET /login/hand-over/<secret>`, in a colleague's browser: binds the sign-in to its session and moves on to the form,
 * at an address without the secret. To open the link uses nothing up, since what scans mails opens it, too.
 */
export function linkRoutes(deps: LinkDeps): Router {
  const router = Router();
  const path = '/login/hand-over/:secret';
  router.get(path, popupHeaders(), sessionRequired, async (req, res) => {
    // Nothing that this page loads or leads to may learn the secret.
    res.set('Referrer-Policy', 'no-referrer');
    const handedOver = hashOf(String(req.params['secret']));
    const handOver = await deps.handOvers.find(handedOver);
    if (!handOver)
      throw new AppError('hand_over_unknown', 'no sign-in is handed over by this link');
    const { consumerKey, callbackOrigin, account } = handOver;
    noteFailures(deps, res, { consumerKey, callbackOrigin });
    const situation = await situationOf(deps, {
      consumerKey,
      wantedOrigin: callbackOrigin,
      invited: account,
    });
    if (isDone(deps, handOver, situation)) {
      throw new AppError('hand_over_used', 'the sign-in that was handed over has been made');
    }
    storesAsking(situation);
    const expiresAt = handOver.expiresAt.getTime();
    const window = { consumerKey, callbackOrigin, account, expiresAt, handedOver };
    res.redirect(303, loginPath(await bindWindow(req, deps, window)));
  });
  router.all(path, popupHeaders(), (req, res) => {
    res.set('Allow', 'GET, HEAD');
    throw new AppError('method_not_allowed', `${req.method} on a link`);
  });
  return router;
}
