import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { accountName, newPassword, roles } from '../../accounts/account.js';
import type { AccountStore } from '../../accounts/account-store.js';
import type { Logger } from '../../log.js';
import { secondFactorOf } from '../../sign-in/own-second-factor.js';
import type { StepUpDeps } from '../../sign-in/step-up.js';
import { consoleForm } from '../console-session.js';
import { frameOf } from '../frame-view.js';
import { personPath } from '../places.js';
import { operatorOf } from '../require-operator.js';
import { isRefusal, readFields, refusal, type Refusal } from './refusal.js';
import { stepUpFor } from './step-up-for.js';

export interface NewAccountDeps extends StepUpDeps {
  readonly accounts: Pick<AccountStore, 'add'>;
  readonly randomToken: () => string;
  readonly log: Logger;
}

const fields = z.object({
  name: accountName,
  role: z.enum(roles, 'must be one of those shown'),
  newPassword,
});

const labels = { name: 'The name', role: 'The role', newPassword: 'The password' };

/** `/console/people/new`: makes an account. An operator's takes the password of whoever makes it, and a code. */
export function newAccountRoutes(deps: NewAccountDeps): Router {
  const router = Router();

  router.get('/people/new', (req, res) => {
    show(deps, req, res);
  });

  router.post('/people/new', ...consoleForm, async (req, res) => {
    const typed = readFields(fields, labels, req.body);
    if (isRefusal(typed)) {
      show(deps, req, res, typed);
      return;
    }
    const { name, role } = typed;
    const problem = role === 'operator' ? await stepUpFor(deps, res, name, req.body) : undefined;
    if (problem) {
      show(deps, req, res, problem);
      return;
    }
    if (!(await deps.accounts.add(name, role, typed.newPassword))) {
      show(deps, req, res, refusal(409, `There is an account ${name} already.`));
      return;
    }
    deps.log.info({ event: 'account_made', account: name, kind: role, by: operatorOf(res).name });
    res.redirect(303, personPath(name));
  });
  return router;
}

const shown = z.object({ name: z.string().max(128).catch(''), role: z.string().catch('merchant') });

/** The form; `problem` is what kept the last one from being done, whose name and role need not be typed again. */
function show(deps: NewAccountDeps, req: Request, res: Response, problem?: Refusal): void {
  if (problem) res.status(problem.status);
  const { name, role } = shown.parse(req.body ?? {});
  res.render('console/people/new-account', {
    frame: frameOf(req, res, deps),
    problem,
    name,
    isOperator: role === 'operator',
    asksForCode: secondFactorOf(res) !== undefined,
  });
}
