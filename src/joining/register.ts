import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { accountName, newPasswordProblem } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { noteJoined } from '../accounts/just-joined.js';
import { sessionRequired } from '../accounts/session.js';
import { networkOf } from '../http/network-of.js';
import { popupHeaders } from '../http/security-headers.js';
import type { InvitationStore } from '../invitations/invitation-store.js';
import { speechOf } from '../language/speech.js';
import type { Logger } from '../log.js';
import { joiningForm, joiningToken } from './joining-form.js';
import { countName, withinLimit, type RegistrationCounters } from './registration-limit.js';

export interface RegisterDeps {
  readonly accounts: Pick<AccountStore, 'add' | 'find'>;
  readonly invitations: Pick<InvitationStore, 'ofAccount'>;
  readonly registrations: RegistrationCounters;
  /** Sees that the popup whose id a query names is one of this browser, and still open. */
  readonly checkPopup: (req: Request) => void;
  readonly randomToken: () => string;
  readonly log: Logger;
}

const page = '/register';

const registerForm = z.object({ username: z.string(), password: z.string() });

/** The headers of Magento's popup, where `/register` is open in it. */
export const registerHeaders: RequestHandler = (req, res, next) => {
  if (isInPopup(req)) popupHeaders()(req, res, next);
  else next();
};

/**
 * `/register`, where REGISTRATION is open: makes a merchant's account. With `?popup=<id>` it is a page of that popup, and
 * leads back to its sign-in.
 */
export function registerRoutes(deps: RegisterDeps): Router {
  const router = Router();
  router.use(page, sessionRequired, (req, _res, next) => {
    if (isInPopup(req)) deps.checkPopup(req);
    next();
  });

  router.get(page, async (req, res) => {
    await show(deps, req, res);
  });

  router.post(page, ...joiningForm, async (req, res) => {
    const { data: typed } = registerForm.safeParse(req.body);
    const name = accountName.safeParse(typed?.username).data;
    const problem = name === undefined ? 'name' : newPasswordProblem(typed?.password ?? '');
    if (!typed || name === undefined || problem) {
      await show(deps, req, res, problem);
      return;
    }
    await countName(deps.registrations, req, res);
    const isMade = await withinLimit(deps.registrations, req, res, async () => {
      if (await isTaken(deps, name)) return false;
      return deps.accounts.add(name, 'merchant', typed.password);
    });
    if (!isMade) {
      await show(deps, req, res, 'taken');
      return;
    }
    const network = networkOf(req.ip ?? '');
    deps.log.info({ event: 'account_registered', account: name, network });
    await noteJoined(req, name);
    res.redirect(303, signInPath(req));
  });
  return router;
}

/** A name that somebody is invited by is theirs: whoever took it would lose it to them. */
async function isTaken(deps: RegisterDeps, name: string): Promise<boolean> {
  const [account, invitations] = await Promise.all([
    deps.accounts.find(name),
    deps.invitations.ofAccount(name),
  ]);
  return account !== undefined || invitations.length > 0;
}

/** The form; `problem` is what kept the last one from being done, whose name need not be typed again. */
async function show(
  deps: RegisterDeps,
  req: Request,
  res: Response,
  problem?: 'name' | 'taken' | 'tooShort' | 'tooLong',
): Promise<void> {
  const { t } = speechOf(res);
  const csrfToken = await joiningToken(req, deps);
  if (problem) res.status(problem === 'taken' ? 409 : 400);
  const typed = registerForm.safeParse(req.body).data?.username ?? '';
  res.render('joining/register', {
    inPopup: isInPopup(req),
    action: isInPopup(req) ? `${page}?popup=${popupIdOf(req)}` : page,
    csrfToken,
    // What was typed comes back for correction; longer than any name, it was none.
    username: typed.length <= 128 ? typed : '',
    isNameNext: typed === '' || problem === 'name' || problem === 'taken',
    problem: problem && {
      kind: 'bad',
      text: t(`joining.refused.${problem}.text`),
      next: t(`joining.refused.${problem}.next`),
    },
    signInHref: signInPath(req),
  });
}

function isInPopup(req: Request): boolean {
  return req.query['popup'] !== undefined;
}

function popupIdOf(req: Request): string {
  const { popup } = req.query;
  return typeof popup === 'string' ? encodeURIComponent(popup) : '';
}

/** Where the account that was made signs in. */
function signInPath(req: Request): string {
  return isInPopup(req) ? `/login?popup=${popupIdOf(req)}` : '/account/sign-in';
}
