import { Router } from 'express';
import { sessionRequired } from '../accounts/session.js';
import { AppError } from '../errors.js';
import type { FailureContext } from '../http/error-handler.js';
import { popupHeaders } from '../http/security-headers.js';
import type { InvitationStore } from '../invitations/invitation-store.js';
import { invitationWith } from './invitation-with.js';
import { enterPopup, type LoginDeps } from './login.js';

export interface InvitedLoginDeps extends LoginDeps {
  readonly invitations: Pick<InvitationStore, 'findByToken'>;
}

/**
 * `GET /login/<token>`: the popup at an invited merchant's own address, where nobody else may sign in. From there on it is
 * as any other, at addresses without the token. Any word in that place is taken for a token, so this comes after other
 * routes below `/login`.
 */
export function invitedLoginRoutes(deps: InvitedLoginDeps): Router {
  const router = Router();
  router.get('/login/:token', popupHeaders(), sessionRequired, async (req, res) => {
    const { account, token } = await invitationWith(deps, String(req.params['token']));
    const context: FailureContext = res.locals;
    context.invitation = token;
    await enterPopup(deps, req, res, account);
  });
  router.all('/login/:token', popupHeaders(), (req, res) => {
    res.set('Allow', 'GET, HEAD');
    throw new AppError('method_not_allowed', `${req.method} on the login page`);
  });
  return router;
}
