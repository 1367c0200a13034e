import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { AccountStore } from '../accounts/account-store.js';
import { signOut } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { languageNames, languages } from '../language/languages.js';
import { placeForm } from '../sign-in/place-session.js';
import { accountOf } from '../sign-in/require-account.js';
import { secondFactorOf } from '../sign-in/own-second-factor.js';
import type { Refusal } from '../sign-in/step-up.js';
import { accountPlace } from './account-place.js';
import { changePassword, type ChangePasswordDeps } from './change-password.js';
import { frameOf } from './frame-view.js';
import { leaveNotice } from './notice.js';

export interface SettingsDeps extends ChangePasswordDeps {
  readonly accounts: Pick<AccountStore, 'replacePassword' | 'chooseLanguage' | 'endSignIns'>;
}

/** Empty: as the browser says. */
const languageForm = z.object({ language: z.enum([...languages, '']) });

const page = '/account/settings';

/** `/account/settings`: password, language, and an end to all sign-ins. */
export function settingsRoutes(deps: SettingsDeps): Router {
  const router = Router();
  const accountForm = placeForm(accountPlace);

  router.get('/settings', (req, res) => {
    show(deps, req, res);
  });

  router.post('/settings/password', ...accountForm, async (req, res) => {
    const refusal = await changePassword(deps, req, res);
    if (refusal) {
      show(deps, req, res, refusal);
      return;
    }
    leaveNotice(req, deps, 'passwordChanged');
    res.redirect(303, page);
  });

  router.post('/settings/language', ...accountForm, async (req, res) => {
    const { data } = languageForm.safeParse(req.body);
    if (!data) throw new AppError('bad_request', 'the form names no language of ours');
    const language = data.language === '' ? undefined : data.language;
    await deps.accounts.chooseLanguage(accountOf(res).name, language);
    const { person } = req.session;
    if (person) req.session.person = { ...person, language };
    leaveNotice(req, deps, 'languageChosen');
    res.redirect(303, page);
  });

  router.post('/settings/sign-out-everywhere', ...accountForm, async (req, res) => {
    const { name } = accountOf(res);
    await deps.accounts.endSignIns(name);
    await signOut(deps, req);
    deps.log.info({ event: 'signed_out_everywhere', account: name });
    res.set('Clear-Site-Data', '"cache"').render('account/signed-out');
  });

  // The page that answers a form has the form's address; typed or reloaded, it leads back.
  router.get(
    ['password', 'language', 'sign-out-everywhere'].map((action) => `/settings/${action}`),
    (_req, res) => {
      res.redirect(303, page);
    },
  );
  return router;
}

/** Shows the settings; `refusal` is why the password stays as it is. */
function show(deps: SettingsDeps, req: Request, res: Response, refusal?: Refusal): void {
  if (refusal) res.status(refusal.status);
  const { language: chosen } = accountOf(res);
  res.render('account/settings', {
    frame: frameOf(req, res, deps, 'settings'),
    problem: refusal,
    asksForCode: secondFactorOf(res) !== undefined,
    languages: languages.map((language) => ({
      value: language,
      name: languageNames[language],
      isChosen: language === chosen,
    })),
  });
}
