import type { Request, RequestHandler } from 'express';
import { saveSession } from '../accounts/session.js';
import { AppError } from '../errors.js';
import { checkCsrfToken } from '../http/csrf.js';
import { form, formOnly } from '../http/form.js';
import type { SignInPlace } from './sign-in-place.js';

declare module 'express-session' {
  interface SessionData {
    /** What each place remembers of this browser. */
    places?: Readonly<Partial<Record<SignInPlace['name'], PlaceSession>>> | undefined;
  }
}

interface PlaceSession {
  /** Carried by every form of the place. */
  readonly csrfToken: string;
  /** The page that was asked for before anybody had signed in. */
  readonly pageAskedFor?: string;
  /** What the next page says once: something that has just been done. */
  readonly notice?: Notice;
}

/** Words by which a place knows what to say. */
export type Notice = Readonly<Partial<Record<string, string>>>;

interface TokenDeps {
  readonly randomToken: () => string;
}

/** The token that the forms of this place and session carry; made when the first of them is shown. */
export function csrfTokenOf(req: Request, place: SignInPlace, deps: TokenDeps): string {
  return remembered(req, place, deps).csrfToken;
}

/** Reads a form of a place into `req.body`. @throws AppError `page_expired` when it is not of this session. */
export function placeForm(place: SignInPlace): readonly RequestHandler[] {
  return [
    formOnly,
    form(),
    (req, _res, next) => {
      checkPlaceForm(req, place);
      next();
    },
  ];
}

/** @throws AppError `page_expired` */
export function checkPlaceForm(req: Request, { name }: SignInPlace): void {
  try {
    checkCsrfToken(req.session.places?.[name]?.csrfToken, req.body);
  } catch (error) {
    throw new AppError('page_expired', `a form of the ${name} is not of this session`, {
      cause: error,
    });
  }
}

/** Keeps the address a visitor asked for, if it is one of the place's pages. */
export async function rememberPageAskedFor(
  req: Request,
  place: SignInPlace,
  deps: TokenDeps,
): Promise<void> {
  if (!isPageOf(place, req.originalUrl)) return;
  remember(req, place, deps, { pageAskedFor: req.originalUrl });
  await saveSession(req);
}

/** Where a sign-in leads. */
export function pageAskedFor(req: Request, { name, path }: SignInPlace): string {
  return req.session.places?.[name]?.pageAskedFor ?? path;
}

/** Starts anew after a sign-in, in all places, so that no token handed out before it is of any use. */
export async function forgetPlaces(req: Request): Promise<void> {
  delete req.session.places;
  await saveSession(req);
}

export function leaveNotice(
  req: Request,
  place: SignInPlace,
  deps: TokenDeps,
  notice: Notice,
): void {
  remember(req, place, deps, { notice });
}

/** The notice that was left in the place, if any; it is gone afterwards. */
export function takeNotice(req: Request, { name }: SignInPlace): Notice | undefined {
  const { notice, ...others } = req.session.places?.[name] ?? {};
  if (notice === undefined) return undefined;
  req.session.places = { ...req.session.places, [name]: others as PlaceSession };
  return notice;
}

function remembered(req: Request, place: SignInPlace, { randomToken }: TokenDeps): PlaceSession {
  const known = req.session.places?.[place.name];
  if (known) return known;
  const fresh = { csrfToken: randomToken() };
  req.session.places = { ...req.session.places, [place.name]: fresh };
  return fresh;
}

function remember(
  req: Request,
  place: SignInPlace,
  deps: TokenDeps,
  changes: Partial<PlaceSession>,
): void {
  const known = remembered(req, place, deps);
  req.session.places = { ...req.session.places, [place.name]: { ...known, ...changes } };
}

/** A request line may hold a whole address, of any host; and an address may be longer than is worth keeping. */
function isPageOf({ path }: SignInPlace, address: string): boolean {
  const isBelow = address === path || ['/', '?'].some((next) => address.startsWith(path + next));
  return isBelow && address.length <= 1024;
}
