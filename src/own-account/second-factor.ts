import { Router, type Request, type Response } from 'express';
import { speechOf } from '../language/speech.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { typedCode } from '../second-factor/typed-code.js';
import { lookUpAgain, secondFactorOf } from '../sign-in/own-second-factor.js';
import { placeForm } from '../sign-in/place-session.js';
import { accountOf } from '../sign-in/require-account.js';
import {
  isOwnPassword,
  stepUp,
  wrongPassword,
  type Refusal,
  type StepUpDeps,
} from '../sign-in/step-up.js';
import { accountPlace } from './account-place.js';
import { enrolmentOf, forgetEnrolment } from './enrolment.js';
import { frameOf } from './frame-view.js';
import { enrolmentView, secondFactorView } from './second-factor-view.js';

export interface SecondFactorDeps extends StepUpDeps {
  readonly secondFactors: SecondFactors;
  readonly publicUrl: string;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

const page = '/account/second-factor';

/** `/account/second-factor`: on, its recovery codes, off. Each change asks for the password. */
export function secondFactorRoutes(deps: SecondFactorDeps): Router {
  const router = Router();
  const { secondFactors } = deps;
  const accountForm = placeForm(accountPlace);

  router.get('/second-factor', (req, res) => {
    show(deps, req, res);
  });

  router.post('/second-factor/turn-on', ...accountForm, async (req, res) => {
    const { name } = accountOf(res);
    if (secondFactorOf(res)) {
      res.redirect(303, page);
      return;
    }
    if (!(await isOwnPassword(deps, res, req.body))) {
      show(deps, req, res, wrongPassword(res));
      return;
    }
    const secret = secondFactors.enrolmentSecret(name, enrolmentFor(deps, req, name));
    const typed = typedCode(req.body);
    const codes = await secondFactors.turnOn(name, secret, typed);
    if (!codes) {
      show(deps, req, res, wrongFirstCode(res));
      return;
    }
    forgetEnrolment(req);
    await showCodes(deps, req, res, codes);
  });

  router.post('/second-factor/recovery-codes', ...accountForm, async (req, res) => {
    const refusal = await stepUp(deps, res, req.body);
    const codes = refusal ?? (await secondFactors.renewRecoveryCodes(accountOf(res).name));
    if (codes === undefined) res.redirect(303, page);
    else if ('status' in codes) show(deps, req, res, codes);
    else await showCodes(deps, req, res, codes);
  });

  router.post('/second-factor/turn-off', ...accountForm, async (req, res) => {
    const refusal = await stepUp(deps, res, req.body);
    if (refusal) {
      show(deps, req, res, refusal);
      return;
    }
    await secondFactors.turnOff(accountOf(res).name);
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

function wrongFirstCode(res: Response): Refusal {
  const { t } = speechOf(res);
  return {
    status: 401,
    text: t('account.wrongFirstCode.text'),
    next: t('account.wrongFirstCode.next'),
  };
}

/** Shows what is on, or how to turn it on; `refusal` is what kept the last form from being done. */
function show(deps: SecondFactorDeps, req: Request, res: Response, refusal?: Refusal): void {
  const frame = frameOf(req, res, deps, 'secondFactor');
  const speech = speechOf(res);
  if (refusal) res.status(refusal.status);
  const secondFactor = secondFactorOf(res);
  if (secondFactor) {
    const view = secondFactorView(speech, {
      frame,
      problem: refusal,
      secondFactor,
      now: deps.now(),
    });
    res.render('account/second-factor', view);
    return;
  }
  const { name } = accountOf(res);
  const secret = deps.secondFactors.enrolmentSecret(name, enrolmentFor(deps, req, name));
  const { publicUrl } = deps;
  res.render(
    'account/second-factor-off',
    enrolmentView({ frame, problem: refusal, secret, publicUrl }),
  );
}

/** The one time that recovery codes are seen. */
async function showCodes(
  deps: SecondFactorDeps,
  req: Request,
  res: Response,
  codes: readonly string[],
): Promise<void> {
  await lookUpAgain(deps, res);
  res.render('account/recovery-codes', { frame: frameOf(req, res, deps, 'secondFactor'), codes });
}
