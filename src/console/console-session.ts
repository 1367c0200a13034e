import type { Request } from 'express';
import * as places from '../sign-in/place-session.js';
import { consolePlace } from './console-place.js';

/** Something that has been done, in finished words, and what to do next; the latter may be empty. */
export interface Done {
  readonly text: string;
  readonly next: string;
}

/** Reads a form of the console into `req.body`. @throws AppError `page_expired` when it is not of this session. */
export const consoleForm = places.placeForm(consolePlace);

/** Leaves what the next page with room for it says once. */
export function leaveNotice(
  req: Request,
  deps: { readonly randomToken: () => string },
  { text, next }: Done,
): void {
  places.leaveNotice(req, consolePlace, deps, { text, next });
}

/** The notice that was left, if any; it is gone afterwards. */
export function takeNotice(req: Request): Done | undefined {
  const { text, next = '' } = places.takeNotice(req, consolePlace) ?? {};
  return text === undefined ? undefined : { text, next };
}
