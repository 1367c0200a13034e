import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { sessionRequired, signIn } from '../accounts/session.js';
import { signedInAccount } from '../accounts/signed-in-account.js';
import { AppError } from '../errors.js';
import { checkPassword, nameAndPassword, type CheckPasswordDeps } from '../http/check-password.js';
import { checkCsrfToken } from '../http/csrf.js';
import type { FailureContext } from '../http/error-handler.js';
import { form, formOnly } from '../http/form.js';
import { allowFormsTo, popupHeaders } from '../http/security-headers.js';
import { awaitCode } from '../second-factor/awaiting-code.js';
import type { SecondFactors } from '../second-factor/second-factors.js';
import { speakAs } from '../language/speech.js';
import { noteFailures, noteProblem } from './attempt-notes.js';
import { showCodeForm } from './code-form.js';
import { showLoginForm, type LoginDeps } from './login.js';
import { loginPath } from './popup-paths.js';
import { checkAccount, storesAsking } from './exchange/next-step.js';
import { notePopup, popupOf, subjectOf, type OpenPopup } from './popup.js';
import { returnQuestion } from './return-question.js';
import { situationOf } from './exchange/situation.js';
import { connectAndReturn, type ConnectDeps } from './waiting/connect-and-return.js';

export interface CheckLoginDeps extends LoginDeps, ConnectDeps, CheckPasswordDeps<Account> {
  /** Without its own check of a password, which `passwords` alone makes. */
  readonly accounts: Omit<AccountStore, 'signIn'>;
  readonly secondFactors: Pick<SecondFactors, 'isOn'>;
}

/** Which of several stores the merchant means: the value of the button. */
const chosenStore = z.object({ store: z.string() });

/**
 * `POST /checklogin`: checks the password, connects the store and sends the browser back to Magento. A return
 * to another host than the store's is asked about first, at `POST /checklogin/confirm`.
 */
export function checkLoginRoutes(deps: CheckLoginDeps): Router {
  const router = Router();
  const parse = [popupHeaders(), sessionRequired, formOnly, form()];

  router.post(['/checklogin', '/checklogin.php'], ...parse, async (req, res) => {
    const popup = openPopup(deps, req, res);
    const { data: typed } = nameAndPassword.safeParse(req.body);
    const account = typed && (await checkPassword(deps, req, res, typed));
    if (!account) {
      noteProblem(res, 'wrong_password');
      res.status(401);
      const username = typed?.username.slice(0, 128) ?? '';
      await showLoginForm(deps, req, res, popup, { problem: 'wrong_password', username });
      return;
    }
    speakAs(res, account);
    if (await deps.secondFactors.isOn(account.name)) {
      await awaitCode(req, deps, popup.id, account);
      deps.timeline.note(popup.consumerKey, { kind: 'code_asked', account: account.name });
      showCodeForm(req, res, popup);
      return;
    }
    await goOnAs(deps, req, res, popup, account);
  });

  router.post('/checklogin/confirm', ...parse, async (req, res) => {
    const popup = openPopup(deps, req, res);
    const account = await signedInAccount(deps, req);
    if (!account || popup.confirming !== account.name) {
      throw new AppError('form_expired', 'nobody has signed in in this popup');
    }
    noteFailures(deps, res, popup, account.name);
    const situation = await situationOf(deps, subjectOf(popup));
    const chosen = storeChosen(storesAsking(situation), req.body);
    const agreed = { ...situation, wantedOrigin: chosen };
    await connectAndReturn(deps, req, res, popup, account.name, agreed);
  });

  router.all(
    ['/checklogin', '/checklogin.php', '/checklogin/confirm'],
    popupHeaders(),
    (req, res) => {
      res.set('Allow', 'POST');
      throw new AppError('method_not_allowed', `${req.method} on the login form`);
    },
  );
  return router;
}

/** Signs somebody in who has proven who they are, and goes on: with a question, or with the exchange and the return. */
export async function goOnAs(
  deps: CheckLoginDeps,
  req: Request,
  res: Response,
  popup: OpenPopup,
  account: Account,
): Promise<void> {
  const { name } = account;
  noteFailures(deps, res, popup, name);
  const [situation] = await Promise.all([
    situationOf(deps, subjectOf(popup)),
    signIn(deps, req, account),
  ]);
  deps.timeline.note(popup.consumerKey, { kind: 'signed_in', account: name });
  checkAccount(name, situation);
  const stores = storesAsking(situation).map((storeBaseUrl) => new URL(storeBaseUrl));
  const question = returnQuestion(deps, situation, popup, stores);
  if (question) {
    await notePopup(req, popup.id, (bound) => ({ ...bound, confirming: name }));
    deps.timeline.note(popup.consumerKey, { kind: 'question_asked', account: name });
    allowFormsTo(popup.callbackOrigin)(req, res, () => undefined);
    res.render('confirm-return', question);
    return;
  }
  const wantedOrigin = stores[0]?.origin ?? popup.callbackOrigin;
  await connectAndReturn(deps, req, res, popup, name, { ...situation, wantedOrigin });
}

/** The popup that a form was sent from; from here on failure pages lead back to it. */
export function openPopup(deps: CheckLoginDeps, req: Request, res: Response): OpenPopup {
  const popup = popupOf(req, req.body, deps.now());
  checkCsrfToken(popup.csrfToken, req.body);
  noteFailures(deps, res, popup);
  const context: FailureContext = res.locals;
  context.tryAgain = loginPath(popup.id);
  return popup;
}

/** The origin of the store that the merchant was asked about and has agreed to, or has chosen among several. */
function storeChosen(stores: readonly string[], body: unknown): string {
  const origins = stores.map((store) => new URL(store).origin);
  const { store: wanted } = chosenStore.safeParse(body).data ?? {};
  const chosen =
    wanted === undefined && origins.length === 1
      ? origins[0]
      : origins.find((origin) => origin === wanted);
  if (chosen === undefined) throw new AppError('store_ambiguous', 'none of the stores was chosen');
  return chosen;
}
