import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { newPasswordProblem } from '../accounts/account.js';
import { noteJoined } from '../accounts/just-joined.js';
import { saveSession, sessionRequired, signIn, type SignInDeps } from '../accounts/session.js';
import type { FailureContext } from '../http/error-handler.js';
import { speechOf } from '../language/speech.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import {
  acceptInvitation,
  openInvitation,
  type AcceptDeps,
  type OpenInvitation,
} from './accept-invitation.js';
import { invitationView } from './invitation-view.js';
import { joiningForm, joiningToken } from './joining-form.js';

export interface InvitationDeps extends AcceptDeps, SignInDeps {
  readonly secondFactors: Pick<SecondFactors, 'isOn'>;
  readonly publicUrl: string;
}

const page = '/invitation/:secret';

const passwordForm = z.object({ password: z.string() });

/**
 * The address of an invitation is a secret: nobody is told that a browser comes from there, a log of our own least of
 * all. Other than `no-referrer`, this leaves the form its `Origin`.
 */
export const invitationHeaders: RequestHandler = (_req, res, next) => {
  res.set('Referrer-Policy', 'strict-origin');
  next();
};

/**
 * `/invitation/<secret>`: shows the merchant whom the link is for the two addresses to paste, and a form that sets the
 * password. Only that form uses the link up: programs open the links of mails before people do.
 */
export function invitationRoutes(deps: InvitationDeps): Router {
  const router = Router();

  router.use(page, sessionRequired, (_req, res, next) => {
    const context: FailureContext = res.locals;
    context.tryAgain = '/account/sign-in';
    next();
  });

  router.get(page, async (req, res) => {
    await show(deps, req, res, await openInvitation(deps, secretOf(req)));
  });

  router.post(page, ...joiningForm, async (req, res) => {
    const secret = secretOf(req);
    const open = await openInvitation(deps, secret);
    const password = passwordForm.safeParse(req.body).data?.password ?? '';
    const problem = newPasswordProblem(password);
    if (problem) {
      await show(deps, req, res, open, problem);
      return;
    }
    const account = await acceptInvitation(deps, secret, password);
    // The link stands for the password alone.
    if (await deps.secondFactors.isOn(account.name)) {
      await noteJoined(req, account.name);
      res.redirect(303, '/account/sign-in');
      return;
    }
    await signIn(deps, req, account);
    delete req.session.joining;
    await saveSession(req);
    res.redirect(303, '/account');
  });
  return router;
}

function secretOf(req: Request): string {
  return String(req.params['secret']);
}

async function show(
  deps: InvitationDeps,
  req: Request,
  res: Response,
  { invitation, account }: OpenInvitation,
  problem?: 'tooShort' | 'tooLong',
): Promise<void> {
  const csrfToken = await joiningToken(req, deps);
  if (problem) res.status(400);
  const view = invitationView({
    invitation,
    secret: secretOf(req),
    isKnown: account !== undefined,
    csrfToken,
    problem,
    publicUrl: deps.publicUrl,
    speech: speechOf(res),
  });
  res.render('joining/invitation', view);
}
