import { Router } from 'express';
import { sessionRequired } from '../accounts/session.js';
import { popupHeaders } from '../http/security-headers.js';
import { supportCode } from '../timeline/support-code.js';
import { noteFailures, type NotesDeps } from './attempt-notes.js';
import { storesAsking } from './exchange/next-step.js';
import { situationOf, type SituationDeps } from './exchange/situation.js';
import { loginPath } from './popup-paths.js';
import { popupOf, subjectOf } from './popup.js';

/** `GET /login/help` and `/login/not-yours`: what the window is, and what to do when it is about another's store. */
export function popupHelpRoutes(deps: SituationDeps & NotesDeps): Router {
  const router = Router();
  for (const page of ['help', 'not-yours']) {
    router.get(`/login/${page}`, popupHeaders(), sessionRequired, async (req, res) => {
      const popup = popupOf(req, req.query, deps.now());
      noteFailures(deps, res, popup);
      const stores = storesAsking(await situationOf(deps, subjectOf(popup)));
      res.render(page, {
        hosts: stores.map((storeBaseUrl) => new URL(storeBaseUrl).host).join(', '),
        isHandedOver: 'handedOver' in popup,
        returnHost: new URL(popup.callbackOrigin).host,
        back: loginPath(popup.id),
        supportCode: supportCode(popup.consumerKey),
      });
    });
  }
  return router;
}
