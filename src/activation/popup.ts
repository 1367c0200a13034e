import type { Request } from 'express';
import { z } from 'zod';
import { changeSession } from '../accounts/session.js';
import type { KeyRing, Sealed } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import { candidateSeconds } from './activation.js';
import type { Subject } from './exchange/situation.js';
import type { IdentityParameters } from './identity-query.js';

declare module 'express-session' {
  interface SessionData {
    /** The popups of this browser that are still worth something, by unguessable id. */
    popups?: Readonly<Record<string, Popup>>;
  }
}

/** What one window was opened with, bound to the session at its first load and never read from a form. */
interface BoundWindow {
  readonly consumerKey: string;
  readonly callbackOrigin: string;
  /** The account at whose own address it was opened: nobody else may sign in here. Absent: at the common one. */
  readonly account?: string | undefined;
  readonly csrfToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Who gave the right password in this window and has yet to confirm where it returns to. */
  readonly confirming?: string;
  /** Who signed in in this window and waits for an exchange. */
  readonly waiting?: Waiting;
}

/** The window that Magento has opened, and that returns there. */
export interface MagentoPopup extends BoundWindow {
  /** `success_call_back`: it holds a key of the merchant's admin. */
  readonly callback: Sealed;
  /** The secret of the link by which a colleague may sign in, once it was asked for. */
  readonly handOver?: Sealed;
}

/** A colleague's window, opened by a link: it never learns the callback, and returns nowhere. */
export interface ColleaguesWindow extends BoundWindow {
  /** The hash of the link's secret. */
  readonly handedOver: string;
}

export type Popup = MagentoPopup | ColleaguesWindow;

/** What the end of an exchange needs to know of the sign-in that waits for it. */
export interface Waiting {
  readonly account: string;
  readonly storeOrigin: string;
  /** Whether the account has agreed to return to another origin than that. */
  readonly isReturnAgreed: boolean;
}

export type OpenPopup = Popup & { readonly id: string };

/** A browser that opens more popups than anyone would loses the oldest. */
const mostPopups = 20;

const popupId = z.object({ popup: z.string() });

/** Binds what a popup was opened with to the session. Answers the popup's id once it is saved. */
export async function bindPopup(
  req: Request,
  deps: { readonly ring: KeyRing; readonly now: () => Date; readonly randomToken: () => string },
  { consumerKey, successCallback }: IdentityParameters,
  { callbackOrigin, account }: Pick<Popup, 'callbackOrigin' | 'account'>,
): Promise<string> {
  const callback = deps.ring.seal(successCallback, callbackPlace(consumerKey, callbackOrigin));
  const expiresAt = deps.now().getTime() + candidateSeconds * 1000;
  return bindWindow(req, deps, { consumerKey, callback, callbackOrigin, account, expiresAt });
}

/** Binds a window of any kind to the session, with a CSRF token of its own. Answers its id once it is saved. */
export async function bindWindow(
  req: Request,
  deps: { readonly now: () => Date; readonly randomToken: () => string },
  facts: Omit<MagentoPopup, 'csrfToken'> | Omit<ColleaguesWindow, 'csrfToken'>,
): Promise<string> {
  const now = deps.now().getTime();
  const id = deps.randomToken();
  const popup: Popup = { ...facts, csrfToken: deps.randomToken() };
  await changeSession(req, () => {
    const alive = Object.entries(req.session.popups ?? {}).filter(
      ([, { expiresAt }]) => expiresAt > now,
    );
    req.session.popups = Object.fromEntries([...alive.slice(1 - mostPopups), [id, popup]]);
  });
  return id;
}

/**
 * The popup that a page or a form belongs to; `source` is a query or a form with the field `popup`.
 *
 * @throws AppError `form_expired` when this browser's session has no such popup, or no longer.
 */
export function popupOf(req: Request, source: unknown, now: Date): OpenPopup {
  const id = popupId.safeParse(source).data?.popup ?? '';
  const popups = new Map(Object.entries(req.session.popups ?? {}));
  const popup = popups.get(id);
  if (!popup || popup.expiresAt <= now.getTime()) {
    throw new AppError('form_expired', 'the session has no such popup');
  }
  return { ...popup, id };
}

/** What the records are asked for, for one popup. */
export function subjectOf({ consumerKey, callbackOrigin, account }: Popup): Subject {
  return { consumerKey, wantedOrigin: callbackOrigin, invited: account };
}

/** Notes more about an open popup, as it is by then; saved when this resolves. */
export async function notePopup(
  req: Request,
  id: string,
  next: (popup: Popup) => Popup,
): Promise<void> {
  await changeSession(req, () => {
    const popup = req.session.popups?.[id];
    if (popup) req.session.popups = { ...req.session.popups, [id]: next(popup) };
  });
}

/** The address that the browser returns to, byte for byte as it was received. */
export function callbackOf(popup: MagentoPopup, ring: KeyRing): string {
  return ring.open(popup.callback, callbackPlace(popup.consumerKey, popup.callbackOrigin));
}

function callbackPlace(consumerKey: string, storeOrigin: string) {
  return { kind: 'popup', consumerKey, field: 'success_call_back', storeOrigin } as const;
}
