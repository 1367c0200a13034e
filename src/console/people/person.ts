import { Router, type Request, type Response } from 'express';
import type { Account } from '../../accounts/account.js';
import type { AccountStore } from '../../accounts/account-store.js';
import type { CredentialStore } from '../../credentials/credential-store.js';
import type { InvitationStore } from '../../invitations/invitation-store.js';
import type { SecondFactors } from '../../second-factor/second-factors.js';
import { secondFactorOf } from '../../sign-in/own-second-factor.js';
import type { StepUpDeps } from '../../sign-in/step-up.js';
import { consoleForm, leaveNotice, takeNotice } from '../console-session.js';
import { frameOf } from '../frame-view.js';
import { personPath } from '../places.js';
import { operatorOf } from '../require-operator.js';
import { showNotFound } from '../store-page.js';
import { changes, type ChangePersonDeps } from './change-person.js';
import { showLink, whyNoLink, type LinkDeps } from './invite.js';
import { personView } from './person-view.js';
import { isRefusal, refusal, type Refusal } from './refusal.js';
import { stepUpFor } from './step-up-for.js';

export interface PersonDeps extends StepUpDeps, LinkDeps, ChangePersonDeps {
  readonly accounts: ChangePersonDeps['accounts'] & Pick<AccountStore, 'find'>;
  readonly secondFactors: StepUpDeps['secondFactors'] & Pick<SecondFactors, 'turnOff'>;
  readonly credentials: Pick<CredentialStore, 'list'>;
  readonly invitations: Pick<InvitationStore, 'ofAccount' | 'create' | 'renewLink'>;
  readonly now: () => Date;
}

/**
 * `/console/people/accounts/:name`: an account's page, and what can be done to it. Each takes the password of the
 * operator who does it, and a code.
 */
export function personRoutes(deps: PersonDeps): Router {
  const router = Router();

  router.get('/people/accounts/:name', async (req, res) => {
    const account = await accountAsked(deps, req, res);
    if (account) await show(deps, req, res, account);
  });

  for (const [action, change] of Object.entries(changes)) {
    router.post(`/people/accounts/:name/${action}`, ...consoleForm, async (req, res) => {
      const account = await accountAsked(deps, req, res);
      if (!account) return;
      const by = operatorOf(res).name;
      const outcome =
        (await stepUpFor(deps, res, account.name, req.body)) ?? (await change(deps, account, by));
      if (isRefusal(outcome)) {
        await show(deps, req, res, account, outcome);
        return;
      }
      leaveNotice(req, deps, outcome);
      res.redirect(303, personPath(account.name));
    });
  }

  router.post('/people/accounts/:name/link', ...consoleForm, async (req, res) => {
    const account = await accountAsked(deps, req, res);
    if (!account) return;
    const problem = whyNoLink(account) ?? (await stepUpFor(deps, res, account.name, req.body));
    const sent = problem ?? (await newPasswordLink(deps, account.name, operatorOf(res).name));
    if (isRefusal(sent)) await show(deps, req, res, account, sent);
    else showLink(deps, req, res, sent);
  });

  // The page that answers a form has the form's address; typed or reloaded, it leads back.
  router.get(
    [...Object.keys(changes), 'link'].map((action) => `/people/accounts/:name/${action}`),
    (req, res) => {
      res.redirect(303, personPath(String(req.params['name'])));
    },
  );
  return router;
}

/** A link by which a merchant sets another password: of an invitation that there is, or of a new one. */
async function newPasswordLink(deps: PersonDeps, account: string, by: string) {
  const [newest] = await deps.invitations.ofAccount(account);
  const sent = newest
    ? await deps.invitations.renewLink(newest.token)
    : await deps.invitations.create({ account, createdBy: by });
  if (!sent) return refusal(409, 'The invitation was revoked at this moment.', 'Try again.');
  deps.log.info({ event: 'invitation_renewed', account, store: newest?.storeHost, by });
  return sent;
}

/** The account that the address names; where there is none, the answer is given here. */
async function accountAsked(
  deps: PersonDeps,
  req: Request,
  res: Response,
): Promise<Account | undefined> {
  const account = await deps.accounts.find(String(req.params['name']));
  if (!account) showNotFound(deps, req, res, 'account');
  return account;
}

async function show(
  deps: PersonDeps,
  req: Request,
  res: Response,
  account: Account,
  problem?: Refusal,
): Promise<void> {
  const [hasSecondFactor, credentials, invitations] = await Promise.all([
    deps.secondFactors.isOn(account.name),
    deps.credentials.list(),
    deps.invitations.ofAccount(account.name),
  ]);
  if (problem) res.status(problem.status);
  const view = personView({
    frame: frameOf(req, res, deps),
    notice: problem ? undefined : takeNotice(req),
    problem,
    account,
    credentials,
    invitations,
    hasSecondFactor,
    asksForCode: secondFactorOf(res) !== undefined,
    now: deps.now(),
  });
  res.render('console/people/person', view);
}
