import type { Request, RequestHandler } from 'express';
import { saveSession } from '../accounts/session.js';
import type { Sealed } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import { checkCsrfToken } from '../http/csrf.js';
import { form, formOnly } from '../http/form.js';

declare module 'express-session' {
  interface SessionData {
    /** What the console remembers of this browser. */
    console?: ConsoleSession;
  }
}

export interface ConsoleSession {
  /** Carried by every form of the console. */
  readonly csrfToken: string;
  /** The page that was asked for before anybody had signed in. */
  readonly pageAskedFor?: string;
  /** The secret of a second factor that is being set up, until its first code is typed. */
  readonly enrolment?: { readonly secret: Sealed; readonly expiresAt: number };
  /** What the next page with room for it says once: something that has just been done. */
  readonly notice?: Done;
}

/** Something that has been done, in finished words, and what to do next; the latter may be empty. */
export interface Done {
  readonly text: string;
  readonly next: string;
}

const enrolmentMs = 10 * 60_000;

/** The token that the forms of this session carry; made when the first of them is shown. */
export function csrfTokenOf(req: Request, deps: { readonly randomToken: () => string }): string {
  return remembered(req, deps).csrfToken;
}

/** Reads a form of the console into `req.body`. @throws AppError `page_expired` when it is not of this session. */
export const consoleForm: readonly RequestHandler[] = [
  formOnly,
  form(),
  (req, _res, next) => {
    checkConsoleForm(req);
    next();
  },
];

/** @throws AppError `page_expired` */
export function checkConsoleForm(req: Request): void {
  try {
    checkCsrfToken(req.session.console?.csrfToken, req.body);
  } catch (error) {
    throw new AppError('page_expired', 'a form of the console is not of this session', {
      cause: error,
    });
  }
}

/** Keeps the address a visitor asked for, if it is one of the console's pages. */
export async function rememberPageAskedFor(
  req: Request,
  deps: { readonly randomToken: () => string },
): Promise<void> {
  if (!isConsolePage(req.originalUrl)) return;
  req.session.console = { ...remembered(req, deps), pageAskedFor: req.originalUrl };
  await saveSession(req);
}

/** Where a sign-in leads. */
export function pageAskedFor(req: Request): string {
  return req.session.console?.pageAskedFor ?? '/console';
}

/** Starts anew after a sign-in, so that no token handed out before it is of any use. */
export async function forgetConsole(req: Request): Promise<void> {
  delete req.session.console;
  await saveSession(req);
}

export function leaveNotice(
  req: Request,
  deps: { readonly randomToken: () => string },
  notice: Done,
): void {
  req.session.console = { ...remembered(req, deps), notice };
}

/** The notice that was left, if any; it is gone afterwards. */
export function takeNotice(req: Request): Done | undefined {
  const { notice, ...others } = req.session.console ?? {};
  if (notice === undefined) return undefined;
  req.session.console = others as ConsoleSession;
  return notice;
}

/** The enrolment of this session, if it has not expired; else a new one, for ten minutes. */
export function enrolmentOf(
  req: Request,
  deps: { readonly randomToken: () => string; readonly now: () => Date },
  newSecret: () => Sealed,
): Sealed {
  const now = deps.now().getTime();
  const { enrolment } = remembered(req, deps);
  if (enrolment && enrolment.expiresAt > now) return enrolment.secret;
  const secret = newSecret();
  const expiresAt = now + enrolmentMs;
  req.session.console = { ...remembered(req, deps), enrolment: { secret, expiresAt } };
  return secret;
}

export function forgetEnrolment(req: Request): void {
  const { enrolment, ...others } = req.session.console ?? {};
  if (enrolment) req.session.console = others as ConsoleSession;
}

function remembered(req: Request, { randomToken }: { readonly randomToken: () => string }) {
  return (req.session.console ??= { csrfToken: randomToken() });
}

/** A request line may hold a whole address, of any host; and an address may be longer than is worth keeping. */
function isConsolePage(address: string): boolean {
  return /^\/console([/?]|$)/.test(address) && address.length <= 1024;
}
