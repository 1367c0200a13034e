import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountName, type Account } from '../../accounts/account.js';
import type { AccountStore } from '../../accounts/account-store.js';
import type { InvitationStore, SentInvitation } from '../../invitations/invitation-store.js';
import { storeHost } from '../../invitations/store-host.js';
import type { Logger } from '../../log.js';
import { secondFactorOf } from '../../sign-in/own-second-factor.js';
import type { StepUpDeps } from '../../sign-in/step-up.js';
import { consoleForm } from '../console-session.js';
import { frameOf } from '../frame-view.js';
import { operatorOf } from '../require-operator.js';
import { linkView } from './invitation-view.js';
import { isRefusal, readFields, refusal, type Refusal } from './refusal.js';
import { stepUpFor } from './step-up-for.js';

export interface LinkDeps {
  readonly publicUrl: string;
  readonly brand: { readonly name: string };
  readonly randomToken: () => string;
}

export interface InviteDeps extends StepUpDeps, LinkDeps {
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly invitations: Pick<InvitationStore, 'create'>;
  readonly log: Logger;
}

const mostDays = 90;
const usualDays = '7';

const fields = z.object({
  name: accountName,
  storeHost: z.preprocess((typed) => (typed === '' ? undefined : typed), storeHost.optional()),
  days: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1, 'must be 1 day or more')
    .max(mostDays, `must be ${mostDays} days or less`),
});

const labels = { name: 'The name', storeHost: 'The store', days: 'The time' };

/**
 * `/console/people/invite`: makes an invitation and shows its link, once. Where the name has an account already, the
 * link sets another password for it, so that takes the operator's own, and a code.
 */
export function inviteRoutes(deps: InviteDeps): Router {
  const router = Router();

  router.get('/people/invite', (req, res) => {
    show(deps, req, res);
  });

  router.post('/people/invite', ...consoleForm, async (req, res) => {
    const typed = readFields(fields, labels, req.body);
    const problem = isRefusal(typed) ? typed : await objection(deps, res, typed.name, req.body);
    if (problem || isRefusal(typed)) {
      show(deps, req, res, problem);
      return;
    }
    const by = operatorOf(res).name;
    const sent = await deps.invitations.create(
      { account: typed.name, storeHost: typed.storeHost, createdBy: by },
      typed.days * 24 * 3600,
    );
    deps.log.info({ event: 'invitation_made', account: typed.name, store: typed.storeHost, by });
    showLink(deps, req, res, sent);
  });
  return router;
}

/** What speaks against a link that sets the password of this account, if there is one. */
export function whyNoLink(account: Account | undefined): Refusal | undefined {
  if (account?.role === 'operator') {
    return refusal(409, `${account.name} is an operator. Invitations are for merchants.`);
  }
  if (account?.disabled) {
    const text = `The account ${account.name} is disabled.`;
    return refusal(409, text, 'Enable it first; nothing was done.');
  }
  return undefined;
}

async function objection(
  deps: InviteDeps,
  res: Response,
  name: string,
  body: unknown,
): Promise<Refusal | undefined> {
  const account = await deps.accounts.find(name);
  return whyNoLink(account) ?? (account && (await stepUpFor(deps, res, name, body)));
}

/** The one time that a link is seen. */
export function showLink(deps: LinkDeps, req: Request, res: Response, sent: SentInvitation): void {
  const { publicUrl, brand } = deps;
  const frame = frameOf(req, res, deps);
  res.render('console/people/link', linkView({ frame, ...sent, publicUrl, brand: brand.name }));
}

const shown = z.object({
  name: z.string().max(128).catch(''),
  storeHost: z.string().max(300).catch(''),
  days: z.string().max(4).catch(usualDays),
});

/** The form; `problem` is what kept the last one from being done, which need not be typed again. */
function show(deps: InviteDeps, req: Request, res: Response, problem?: Refusal): void {
  if (problem) res.status(problem.status);
  const typed = { ...(req.query['name'] !== undefined && req.query), ...(req.body as object) };
  res.render('console/people/invite', {
    frame: frameOf(req, res, deps),
    problem,
    ...shown.parse(typed),
    mostDays,
    asksForCode: secondFactorOf(res) !== undefined,
  });
}
