import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { consoleForm } from './console-session.js';
import { enrolmentOf, forgetEnrolment } from './enrolment.js';
import { frameOf } from './frame-view.js';
import { lookUpAgain, secondFactorOf } from '../sign-in/own-second-factor.js';
import { operatorOf } from './require-operator.js';
import { enrolmentView, secondFactorView } from './second-factor-view.js';
import type { Problem } from '../sign-in/sign-in-view.js';
import { isOwnPassword, stepUp, wrongPassword, type StepUpDeps } from '../sign-in/step-up.js';

export interface SecondFactorDeps extends StepUpDeps {
  readonly secondFactors: SecondFactors;
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

type Refusal = Problem & { readonly status: number };

const codeForm = z.object({ code: z.string().max(64) });
const page = '/console/second-factor';

const wrongFirstCode = {
  status: 401,
  text: 'That code is not right.',
  next: "Type the one that the app shows now. If it repeats, set your phone's clock.",
} as const;

/** `/console/second-factor`: the operator's own; on, its recovery codes, off. Each change asks for the password. */
export function secondFactorRoutes(deps: SecondFactorDeps): Router {
  const router = Router();
  const { secondFactors } = deps;

  router.get('/second-factor', (req, res) => {
    show(deps, req, res);
  });

  router.post('/second-factor/turn-on', ...consoleForm, async (req, res) => {
    const { name } = operatorOf(res);
    if (secondFactorOf(res)) {
      res.redirect(303, page);
      return;
    }
    if (!(await isOwnPassword(deps, res, req.body))) {
      show(deps, req, res, wrongPassword);
      return;
    }
    const secret = secondFactors.enrolmentSecret(name, enrolmentFor(deps, req, name));
    const typed = codeForm.safeParse(req.body).data?.code ?? '';
    const codes = await secondFactors.turnOn(name, secret, typed);
    if (!codes) {
      show(deps, req, res, wrongFirstCode);
      return;
    }
    forgetEnrolment(req);
    await showCodes(deps, req, res, codes);
  });

  router.post('/second-factor/recovery-codes', ...consoleForm, async (req, res) => {
    const refusal = await stepUp(deps, res, req.body);
    const codes = refusal ?? (await secondFactors.renewRecoveryCodes(operatorOf(res).name));
    if (codes === undefined) res.redirect(303, page);
    else if ('status' in codes) show(deps, req, res, codes);
    else await showCodes(deps, req, res, codes);
  });

  router.post('/second-factor/turn-off', ...consoleForm, async (req, res) => {
    const refusal = await stepUp(deps, res, req.body);
    if (refusal) {
      show(deps, req, res, refusal);
      return;
    }
    await secondFactors.turnOff(operatorOf(res).name);
    res.redirect(303, page);
  });

  // The page that answers a form has the form's address; typed or reloaded, it leads back.
  router.get(
    ['turn-on', 'recovery-codes', 'turn-off'].map((action) => `/second-factor/${action}`),
    (_req, res) => {
      res.redirect(303, page);
    },
  );
  return router;
}

function enrolmentFor(deps: SecondFactorDeps, req: Request, name: string) {
  return enrolmentOf(req, name, deps.now(), deps.secondFactors.newEnrolment);
}

/** Shows what is on, or how to turn it on; `refusal` is what kept the last form from being done. */
function show(deps: SecondFactorDeps, req: Request, res: Response, refusal?: Refusal): void {
  const frame = frameOf(req, res, deps);
  if (refusal) res.status(refusal.status);
  const secondFactor = secondFactorOf(res);
  if (secondFactor) {
    const view = secondFactorView({ frame, problem: refusal, secondFactor, now: deps.now() });
    res.render('console/second-factor', view);
    return;
  }
  const { name } = operatorOf(res);
  const secret = deps.secondFactors.enrolmentSecret(name, enrolmentFor(deps, req, name));
  const { publicUrl } = deps;
  const view = enrolmentView({ frame, problem: refusal, secret, publicUrl });
  res.render('console/second-factor-off', view);
}

/** The one time that recovery codes are seen. */
async function showCodes(
  deps: SecondFactorDeps,
  req: Request,
  res: Response,
  codes: readonly string[],
): Promise<void> {
  await lookUpAgain(deps, res);
  res.render('console/recovery-codes', { frame: frameOf(req, res, deps), codes });
}
