import type { Request, Response } from 'express';
import { csrfTokenOf } from './console-session.js';
import { secondFactorOf } from './operators-second-factor.js';
import { codesLeftText, fewCodes } from './recovery-codes-left.js';
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
    csrfToken: csrfTokenOf(req, deps),
    places: [
      {
        href: '/console',
        label: 'Stores',
        isHere: !isAt('/people') && !isAt('/second-factor'),
        badge: '',
      },
      { href: '/console/people', label: 'People', isHere: isAt('/people'), badge: '' },
      {
        href: '/console/second-factor',
        label: 'Second factor',
        isHere: isAt('/second-factor'),
        badge: badgeOf(secondFactorOf(res)?.recoveryCodes.length),
      },
    ],
  };
}

function badgeOf(codesLeft: number | undefined): string {
  if (codesLeft === undefined) return 'off';
  return codesLeft <= fewCodes ? codesLeftText(codesLeft) : '';
}
