import { Router, type Request, type Response } from 'express';
import type { AccountStore } from '../../accounts/account-store.js';
import type { Invitation } from '../../invitations/invitation.js';
import type { InvitationStore } from '../../invitations/invitation-store.js';
import type { Logger } from '../../log.js';
import { consoleForm, leaveNotice } from '../console-session.js';
import { frameOf } from '../frame-view.js';
import { secondFactorOf } from '../../sign-in/own-second-factor.js';
import { invitationPath } from '../places.js';
import { operatorOf } from '../require-operator.js';
import type { StepUpDeps } from '../../sign-in/step-up.js';
import { showNotFound } from '../store-page.js';
import { invitationView } from './invitation-view.js';
import { showLink, whyNoLink, type LinkDeps } from './invite.js';
import { type Refusal } from './refusal.js';
import { stepUpFor } from './step-up-for.js';

export interface InvitationDeps extends StepUpDeps, LinkDeps {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly invitations: Pick<InvitationStore, 'find' | 'renewLink' | 'revoke'>;
  readonly log: Logger;
  readonly now: () => Date;
}

/** `/console/people/invitations/:token`: how it stands; another link for it; taking it back. */
export function invitationRoutes(deps: InvitationDeps): Router {
  const router = Router();

  router.get('/people/invitations/:token', async (req, res) => {
    const invitation = await invitationAsked(deps, req, res);
    if (invitation) await show(deps, req, res, invitation);
  });

  router.post('/people/invitations/:token/link', ...consoleForm, async (req, res) => {
    const invitation = await invitationAsked(deps, req, res);
    if (!invitation) return;
    const { account, token, storeHost } = invitation;
    const problem =
      whyNoLink(await deps.accounts.find(account)) ??
      (await stepUpFor(deps, res, account, req.body));
    if (problem) {
      await show(deps, req, res, invitation, problem);
      return;
    }
    const sent = await deps.invitations.renewLink(token);
    if (!sent) {
      showNotFound(deps, req, res, 'invitation');
      return;
    }
    const by = operatorOf(res).name;
    deps.log.info({ event: 'invitation_renewed', account, store: storeHost, by });
    showLink(deps, req, res, sent);
  });

  router.post('/people/invitations/:token/revoke', ...consoleForm, async (req, res) => {
    const invitation = await invitationAsked(deps, req, res);
    if (!invitation) return;
    const problem = await stepUpFor(deps, res, invitation.account, req.body);
    if (problem) {
      await show(deps, req, res, invitation, problem);
      return;
    }
    const { account, token, storeHost } = invitation;
    if (await deps.invitations.revoke(token)) {
      const by = operatorOf(res).name;
      deps.log.info({ event: 'invitation_revoked', account, store: storeHost, by });
    }
    leaveNotice(req, deps, {
      text: `The invitation of ${account} is revoked: its addresses and its link count no longer.`,
      next: 'The account, if there is one, stays.',
    });
    res.redirect(303, '/console/people');
  });

  // The page that answers a form has the form's address; typed or reloaded, it leads back.
  router.get(
    ['link', 'revoke'].map((action) => `/people/invitations/:token/${action}`),
    (req, res) => {
      res.redirect(303, invitationPath(String(req.params['token'])));
    },
  );
  return router;
}

/** The invitation whose token the address names; where there is none, the answer is given here. */
async function invitationAsked(
  deps: InvitationDeps,
  req: Request,
  res: Response,
): Promise<Invitation | undefined> {
  const invitation = await deps.invitations.find(String(req.params['token']));
  if (!invitation) showNotFound(deps, req, res, 'invitation');
  return invitation;
}

async function show(
  deps: InvitationDeps,
  req: Request,
  res: Response,
  invitation: Invitation,
  problem?: Refusal,
): Promise<void> {
  const account = await deps.accounts.find(invitation.account);
  if (problem) res.status(problem.status);
  const view = invitationView({
    frame: frameOf(req, res, deps),
    problem,
    invitation,
    hasAccount: account !== undefined,
    publicUrl: deps.publicUrl,
    asksForCode: secondFactorOf(res) !== undefined,
    now: deps.now(),
  });
  res.render('console/people/invitation', view);
}
