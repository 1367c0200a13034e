import { Router, type Request, type Response } from 'express';
import { justJoined } from '../accounts/just-joined.js';
import { sessionRequired } from '../accounts/session.js';
import { signedInAccount, type SignedInDeps } from '../accounts/signed-in-account.js';
import { AppError } from '../errors.js';
import { allowFormsTo, popupHeaders } from '../http/security-headers.js';
import { speechOf } from '../language/speech.js';
import type { StorePolicy } from '../magento/store-url.js';
import { noteFailures, noteOpenedPopup, type NotesDeps } from './attempt-notes.js';
import { heldTokenOf, leaseOf, liveLease } from './activation.js';
import { readIdentityParameters } from './identity-query.js';
import { loginPath } from './popup-paths.js';
import { loginView, type LoginNews } from './login-view.js';
import { storesAsking } from './exchange/next-step.js';
import { noteOpened } from './open-popups.js';
import { bindPopup, popupOf, subjectOf, type OpenPopup } from './popup.js';
import { postsThatCount } from './posts-that-count.js';
import { situationOf, type Situation, type SituationDeps } from './exchange/situation.js';
import { checkSuccessCallback } from './success-callback.js';

export interface LoginDeps extends SituationDeps, SignedInDeps, NotesDeps {
  readonly storePolicy: StorePolicy;
  /** Whether people may make accounts themselves: then the form leads there. */
  readonly isRegistrationOpen: boolean;
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
      const popup = popupOf(req, req.query, deps.now());
      noteFailures(deps, res, popup);
      await showLoginForm(deps, req, res, popup);
      return;
    }
    await enterPopup(deps, req, res);
  });
  router.all(['/login', '/login.php'], popupHeaders(), (req, res) => {
    res.set('Allow', 'GET, HEAD');
    throw new AppError('method_not_allowed', `${req.method} on the login page`);
  });
  return router;
}

/** Binds what a popup was opened with, at the common address or an account's own, and moves on to its form. */
export async function enterPopup(
  deps: LoginDeps,
  req: Request,
  res: Response,
  account?: string,
): Promise<void> {
  const parameters = readIdentityParameters(req.originalUrl);
  const { consumerKey } = parameters;
  noteFailures(deps, res, { consumerKey });
  const { allowHttp } = deps.storePolicy;
  const callbackOrigin = checkSuccessCallback(parameters.successCallback, { allowHttp });
  noteFailures(deps, res, { consumerKey, callbackOrigin });
  const subject = { consumerKey, wantedOrigin: callbackOrigin, invited: account };
  const situation = await situationOf(deps, subject);
  const storeBaseUrls = storesAsking(situation);
  await noteOpened(deps, consumerKey, situation);
  const id = await bindPopup(req, deps, parameters, { callbackOrigin, account });
  noteOpenedPopup(deps, { consumerKey, callbackOrigin }, storeBaseUrls);
  res.redirect(303, loginPath(id));
}

/** Shows the form of one popup; `last` is the attempt that was wrong, whose name need not be typed again. */
export async function showLoginForm(
  deps: LoginDeps,
  req: Request,
  res: Response,
  popup: OpenPopup,
  last?: {
    readonly problem: 'wrong_password' | 'too_many_codes' | 'sign_in_required';
    readonly username: string;
  },
): Promise<void> {
  const situation = await situationOf(deps, subjectOf(popup));
  const storeBaseUrls = storesAsking(situation);
  const isOther = isSomeoneElse(req);
  const signedIn = isOther ? undefined : (await signedInAccount(deps, req))?.name;
  const isInvited = popup.account !== undefined;
  const joined = isInvited || isOther ? undefined : justJoined(req);
  const username = last?.username ?? popup.account ?? joined ?? signedIn ?? '';
  const news =
    last?.problem ?? (joined === undefined ? newsFor(situation, signedIn) : ('joined' as const));
  const canRegister = deps.isRegistrationOpen && !isInvited;
  allowFormsTo(popup.callbackOrigin)(req, res, () => undefined);
  const { t } = speechOf(res);
  const facts = { popup, situation, storeBaseUrls, username, signedIn, news, canRegister };
  res.render('login', loginView(t, facts));
}

/** Whether the person in front of the form says that they are not the one who is signed in. */
function isSomeoneElse({ query }: Request): boolean {
  return query['someone'] === 'else';
}

/** How the last exchange ended, or that it goes on, for the account that began it and nobody else. */
function newsFor(situation: Situation, account: string | undefined): LoginNews | undefined {
  const { activation, credential, now } = situation;
  if (account === undefined || !activation) return undefined;
  if (activation.state === 'connected') {
    const posts = postsThatCount(situation, activation.candidates);
    return credential?.account === account && posts.length === 0 ? 'connected' : undefined;
  }
  if (activation.claimedBy !== account) return undefined;
  if (liveLease(activation, now)) return 'exchange_under_way';
  if ('failure' in activation && activation.failure) return activation.failure.code;
  if (heldTokenOf(activation)) return 'half';
  // Its owner has stopped without a word: a pass goes on with it, or this sign-in.
  return leaseOf(activation) && 'exchange_under_way';
}
