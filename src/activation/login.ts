import { Router, type Request, type Response } from 'express';
import { sessionRequired, signedInName } from '../accounts/session.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { KeyRing } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import { allowFormsTo, popupHeaders } from '../http/security-headers.js';
import type { StorePolicy } from '../magento/store-url.js';
import type { ActivationStore } from './activation-store.js';
import { readIdentityParameters } from './identity-query.js';
import { loginView } from './login-view.js';
import { storeAsking } from './next-step.js';
import { bindPopup, popupOf, type Popup } from './popup.js';
import { situationOf } from './situation.js';
import { checkSuccessCallback } from './success-callback.js';

export interface LoginDeps {
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly ring: KeyRing;
  readonly storePolicy: StorePolicy;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/**
 * `GET /login`: the page in Magento's popup. The first load binds the consumer key and the callback to the
 * session and moves on to an address that holds neither; that one shows the form.
 *
 * @see docs/magento.md, "The popup"
 */
export function loginRoutes(deps: LoginDeps): Router {
  const router = Router();
  router.get(['/login', '/login.php'], popupHeaders(), sessionRequired, async (req, res) => {
    if ('popup' in req.query && !req.originalUrl.includes('oauth_consumer_key=')) {
      await showLoginForm(deps, req, res, popupOf(req, req.query, deps.now()));
      return;
    }
    const parameters = readIdentityParameters(req.originalUrl);
    const { allowHttp } = deps.storePolicy;
    const callbackOrigin = checkSuccessCallback(parameters.successCallback, { allowHttp });
    storeAsking(await situationOf(deps, parameters.consumerKey, callbackOrigin));
    const id = await bindPopup(req, deps, parameters, callbackOrigin);
    res.redirect(303, loginPath(id));
  });
  router.all(['/login', '/login.php'], popupHeaders(), (req, res) => {
    res.set('Allow', 'GET, HEAD');
    throw new AppError('method_not_allowed', `${req.method} on the login page`);
  });
  return router;
}

/** Shows the form of one popup; `last` is the attempt that was wrong, whose name need not be typed again. */
export async function showLoginForm(
  deps: LoginDeps,
  req: Request,
  res: Response,
  popup: Popup & { readonly id: string },
  last?: { readonly problem: 'wrong_password'; readonly username: string },
): Promise<void> {
  const situation = await situationOf(deps, popup.consumerKey, popup.callbackOrigin);
  const storeBaseUrl = storeAsking(situation);
  const username = last?.username ?? signedInName(req, deps.now()) ?? '';
  allowFormsTo(popup.callbackOrigin)(req, res, () => undefined);
  res.render(
    'login',
    loginView({ popup, situation, storeBaseUrl, username, problem: last?.problem }),
  );
}

/** Where a popup's form is, without anything that was sent along when it was opened. */
export function loginPath(popupId: string): string {
  return `/login?popup=${popupId}`;
}
