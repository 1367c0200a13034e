import type { Request } from 'express';
import { z } from 'zod';
import { changeSession } from '../accounts/session.js';
import type { KeyRing, Sealed } from '../credentials/key-ring.js';
import { AppError } from '../errors.js';
import { candidateSeconds } from './activation.js';
import type { IdentityParameters } from './identity-query.js';

declare module 'express-session' {
  interface SessionData {
    /** The popups of this browser that are still worth something, by unguessable id. */
    popups?: Readonly<Record<string, Popup>>;
  }
}

/** What one popup was opened with, bound to the session at its first load and never read from a form. */
export interface Popup {
  readonly consumerKey: string;
  /** `success_call_back`: it holds a key of the merchant's admin. */
  readonly callback: Sealed;
  readonly callbackOrigin: string;
  readonly csrfToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Who gave the right password in this popup and has yet to confirm where it returns to. */
  readonly confirming?: string;
  /** Who signed in in this popup and waits for an exchange. */
  readonly waiting?: Waiting;
}

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
  callbackOrigin: string,
): Promise<string> {
  const now = deps.now().getTime();
  const id = deps.randomToken();
  const popup: Popup = {
    consumerKey,
    callback: deps.ring.seal(successCallback, callbackPlace(consumerKey, callbackOrigin)),
    callbackOrigin,
    csrfToken: deps.randomToken(),
    expiresAt: now + candidateSeconds * 1000,
  };
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

/** Notes more about an open popup; saved when this resolves. */
export async function notePopup(req: Request, id: string, facts: Partial<Popup>): Promise<void> {
  await changeSession(req, () => {
    const popup = req.session.popups?.[id];
    if (popup) req.session.popups = { ...req.session.popups, [id]: { ...popup, ...facts } };
  });
}

/** The address that the browser returns to, byte for byte as it was received. */
export function callbackOf(popup: Popup, ring: KeyRing): string {
  return ring.open(popup.callback, callbackPlace(popup.consumerKey, popup.callbackOrigin));
}

function callbackPlace(consumerKey: string, storeOrigin: string) {
  return { kind: 'popup', consumerKey, field: 'success_call_back', storeOrigin } as const;
}
