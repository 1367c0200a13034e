import { Router, type Request, type Response } from 'express';
import type { z } from 'zod';
import type { Account } from '../accounts/account.js';
import {
  saveSession,
  sessionRequired,
  signIn,
  signOut,
  type SignInDeps,
} from '../accounts/session.js';
import { speechOf } from '../language/speech.js';
import type { Logger } from '../log.js';
import { justJoined } from '../accounts/just-joined.js';
import { awaitCode } from '../second-factor/awaiting-code.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { checkPassword, nameAndPassword, type CheckPasswordDeps } from '../http/check-password.js';
import { answerFor } from '../http/answer-for.js';
import { form, formOnly } from '../http/form.js';
import { AppError } from '../errors.js';
import {
  checkPlaceForm,
  csrfTokenOf,
  forgetPlaces,
  pageAskedFor,
  placeForm,
} from './place-session.js';
import { mayEnter, type SignInPlace } from './sign-in-place.js';
import { signInView, type Problem } from './sign-in-view.js';

export interface SignInRoutesDeps extends SignInDeps, CheckPasswordDeps<Account> {
  readonly secondFactors: Pick<SecondFactors, 'isOn'>;
  readonly log: Logger;
}

/** `/sign-in` and `/sign-out` of a place: the part of it that stands in front of `requireAccount`. */
export function signInRoutes(deps: SignInRoutesDeps, place: SignInPlace): Router {
  const router = Router();
  const { path, people } = place;

  router.get('/sign-in', sessionRequired, async (req, res) => {
    await showForm(deps, place, req, res, { username: justJoined(req) ?? '' });
  });

  router.post('/sign-in', sessionRequired, formOnly, form(), async (req, res) => {
    const typed = nameAndPassword.safeParse(req.body).data ?? { username: '', password: '' };
    try {
      checkPlaceForm(req, place);
      const account = await accountWith(deps, place, req, res, typed);
      if (await deps.secondFactors.isOn(account.name)) {
        await awaitCode(req, deps, place.name, account);
        res.redirect(303, `${path}/sign-in/code`);
        return;
      }
      await goOnAs(deps, place, req, res, account);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      deps.log.warn({ event: `${people}_sign_in_refused`, code: error.code });
      const problem = answerFor(error, speechOf(res).t);
      res.status(problem.status);
      await showForm(deps, place, req, res, { username: typed.username, problem });
    }
  });

  router.post('/sign-out', sessionRequired, ...placeForm(place), async (req, res) => {
    const name = req.session.person?.name;
    await signOut(deps, req);
    deps.log.info({ event: `${people}_signed_out`, account: name });
    res.set('Clear-Site-Data', '"cache"').redirect(303, `${path}/sign-in`);
  });
  return router;
}

/** Signs somebody in who has proven who they are, and leads to the page that was asked for. */
export async function goOnAs(
  deps: SignInDeps & Pick<SignInRoutesDeps, 'log'>,
  place: SignInPlace,
  req: Request,
  res: Response,
  account: Account,
): Promise<void> {
  const page = pageAskedFor(req, place);
  await signIn(deps, req, account);
  await forgetPlaces(req);
  deps.log.info({ event: `${place.people}_signed_in`, account: account.name });
  res.redirect(303, page);
}

/** @throws AppError `wrong_password`, `sign_ins_busy`, `operator_required` */
async function accountWith(
  deps: CheckPasswordDeps<Account>,
  place: SignInPlace,
  req: Request,
  res: Response,
  typed: z.infer<typeof nameAndPassword>,
): Promise<Account> {
  const account = await checkPassword(deps, req, res, typed);
  if (!account) throw new AppError('wrong_password', 'no such account, or not its password');
  if (!mayEnter(place, account)) {
    throw new AppError('operator_required', 'the account is not an operator');
  }
  return account;
}

/** Shows the form for the password once its token is saved: a form that nobody could send is none. */
export async function showForm(
  deps: Pick<SignInRoutesDeps, 'randomToken'>,
  place: SignInPlace,
  req: Request,
  res: Response,
  shown: { readonly username: string; readonly problem?: Problem },
): Promise<void> {
  const csrfToken = csrfTokenOf(req, place, deps);
  await saveSession(req);
  res.render(place.views.password, signInView({ csrfToken, ...shown }));
}
