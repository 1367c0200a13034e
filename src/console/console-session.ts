import type { Request } from 'express';
import * as places from '../sign-in/place-session.js';
import { consolePlace } from './console-place.js';

/** Reads a form of the console into `req.body`. @throws AppError `page_expired` when it is not of this session. */
export const consoleForm = places.placeForm(consolePlace);

/** Leaves what the next list of stores says once: something that has just been done. */
export function leaveNotice(
  req: Request,
  deps: { readonly randomToken: () => string },
  notice: string,
): void {
  places.leaveNotice(req, consolePlace, deps, notice);
}

/** The notice that was left, if any; it is gone afterwards. */
export function takeNotice(req: Request): string {
  return places.takeNotice(req, consolePlace);
}
