import { Router, type Request, type Response } from 'express';
import { sessionRequired } from '../../accounts/session.js';
import { AppError } from '../../errors.js';
import { checkCsrfToken } from '../../http/csrf.js';
import type { FailureContext } from '../../http/error-handler.js';
import { form, formOnly } from '../../http/form.js';
import { allowFormsTo, popupHeaders } from '../../http/security-headers.js';
import { speechOf } from '../../language/speech.js';
import { supportCode } from '../../timeline/support-code.js';
import { noteFailures } from '../attempt-notes.js';
import { candidateSeconds } from '../activation.js';
import { storesAsking } from '../exchange/next-step.js';
import { situationOf, type Situation, type SituationDeps } from '../exchange/situation.js';
import { handOverPath, loginPath } from '../popup-paths.js';
import { notePopup, popupOf, subjectOf, type MagentoPopup } from '../popup.js';
import { sendBack, type SendBackDeps } from '../waiting/send-back.js';
import { hashOf, type HandOverStore } from './hand-over-store.js';
import { handOverView } from './hand-over-view.js';
import { isDone } from './is-done.js';

export interface HandOverDeps extends SituationDeps, SendBackDeps {
  readonly handOvers: HandOverStore;
  readonly returnOrigins: readonly string[];
  readonly publicUrl: string;
  readonly randomToken: () => string;
}

type OwnPopup = MagentoPopup & { readonly id: string };

/**
 * `/login/hand-over`, in Magento's window: offers a link by which a colleague may sign in, shows it once it was asked
 * for, waits, and returns to Magento when the store is connected.
 */
export function handOverRoutes(deps: HandOverDeps): Router {
  const router = Router();

  router.get('/login/hand-over', popupHeaders(), sessionRequired, async (req, res) => {
    const popup = ownPopup(deps, req, res, req.query);
    const situation = await situationOf(deps, subjectOf(popup));
    const secret = popup.handOver && deps.ring.open(popup.handOver, secretPlace(popup));
    const handOver = secret && (await deps.handOvers.find(hashOf(secret)));
    if (handOver && isDone(deps, handOver, situation)) {
      sendBack(deps, popup, res);
      return;
    }
    // The form leads here again, and from here to Magento once the store is connected.
    allowFormsTo(popup.callbackOrigin)(req, res, () => undefined);
    const stores = storesAsking(situation);
    const link = secret && handOver ? `${deps.publicUrl}/login/hand-over/${secret}` : '';
    const view = handOverView(speechOf(res).t, popup, situation, stores, link);
    res.render(link === '' ? 'hand-over' : 'hand-over-link', view);
  });

  router.post(
    '/login/hand-over',
    ...[popupHeaders(), sessionRequired, formOnly, form()],
    async (req, res) => {
      const popup = ownPopup(deps, req, res, req.body);
      checkCsrfToken(popup.csrfToken, req.body);
      const situation = await situationOf(deps, subjectOf(popup));
      storesAsking(situation);
      await makeLink(deps, req, popup, situation);
      res.redirect(303, handOverPath(popup.id));
    },
  );

  router.all('/login/hand-over', popupHeaders(), (req, res) => {
    res.set('Allow', 'GET, HEAD, POST');
    throw new AppError('method_not_allowed', `${req.method} on the page that hands over`);
  });
  return router;
}

/** The window that Magento has opened. @throws AppError `form_expired` in any other: a link makes no further links */
function ownPopup(deps: HandOverDeps, req: Request, res: Response, source: unknown): OwnPopup {
  const popup = popupOf(req, source, deps.now());
  if ('handedOver' in popup) throw new AppError('form_expired', 'the window was opened by a link');
  noteFailures(deps, res, popup);
  const context: FailureContext = res.locals;
  context.tryAgain = loginPath(popup.id);
  return popup;
}

/** One popup has one link, however often it is asked for. */
async function makeLink(
  deps: HandOverDeps,
  req: Request,
  popup: OwnPopup,
  situation: Situation,
): Promise<void> {
  let secret = '';
  await notePopup(req, popup.id, (bound) => {
    if ('handedOver' in bound) return bound;
    const handOver = bound.handOver ?? deps.ring.seal(deps.randomToken(), secretPlace(bound));
    secret = deps.ring.open(handOver, secretPlace(bound));
    return { ...bound, handOver };
  });
  const { consumerKey, callbackOrigin, account } = popup;
  await deps.handOvers.make(hashOf(secret), {
    consumerKey,
    callbackOrigin,
    account,
    createdAt: deps.now(),
    expiresAt: endOf(popup, situation),
  });
  deps.log.info({ event: 'sign_in_handed_over', activation: supportCode(consumerKey) });
}

/** A link ends with the popup it returns to, and with the last POST that can be signed in to. */
function endOf({ expiresAt }: MagentoPopup, { activation }: Situation): Date {
  const posts = activation?.candidates.map(({ receivedAt }) => receivedAt.getTime()) ?? [];
  const newest = posts.length > 0 ? Math.max(...posts) + candidateSeconds * 1000 : expiresAt;
  return new Date(Math.min(expiresAt, newest));
}

function secretPlace({ consumerKey, callbackOrigin: storeOrigin }: MagentoPopup) {
  return { kind: 'popup', consumerKey, field: 'hand_over', storeOrigin } as const;
}
