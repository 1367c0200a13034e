import type { Request, Response } from 'express';
import { fewCodes } from '../second-factor/recovery-codes.js';
import { secondFactorOf } from '../sign-in/own-second-factor.js';
import { csrfTokenOf } from '../sign-in/place-session.js';
import { consolePlace } from './console-place.js';
import { operatorOf } from './require-operator.js';

/** What stands around every page of the console: the places, who is signed in, and the token of the forms. */
export interface FrameView {
  readonly operator: string;
  readonly csrfToken: string;
  readonly places: readonly Place[];
}

export interface Place {
  readonly href: string;
  readonly label: string;
  readonly isHere: boolean;
  /** What wants to be seen to there; empty where nothing does. */
  readonly badge: string;
}

export function frameOf(
  req: Request,
  res: Response,
  deps: { readonly randomToken: () => string },
): FrameView {
  const isAt = (place: string) => req.path.startsWith(place);
  return {
    operator: operatorOf(res).name,
    csrfToken: csrfTokenOf(req, consolePlace, deps),
    places: [
      {
        href: '/console',
        label: 'Stores',
        isHere: !isAt('/attempts') && !isAt('/people'),
        badge: '',
      },
      { href: '/console/attempts', label: 'Attempts', isHere: isAt('/attempts'), badge: '' },
      { href: '/console/people', label: 'People', isHere: isAt('/people'), badge: '' },
      {
        href: '/account/second-factor',
        label: 'Second factor',
        isHere: false,
        badge: badgeOf(secondFactorOf(res)?.recoveryCodes.length),
      },
    ],
  };
}

function badgeOf(codesLeft: number | undefined): string {
  if (codesLeft === undefined) return 'off';
  if (codesLeft > fewCodes) return '';
  return codesLeft === 1 ? '1 code left' : `${codesLeft} codes left`;
}
