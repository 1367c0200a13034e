import type { Request, Response } from 'express';
import { speechOf } from '../language/speech.js';
import { csrfTokenOf } from '../sign-in/place-session.js';
import { accountOf } from '../sign-in/require-account.js';
import { accountPlace } from './account-place.js';
import { takeNotice, type NoticeView } from './notice.js';

/** What stands around every page of an account: where one can go, who is signed in, and the token of the forms. */
export interface FrameView {
  readonly account: string;
  readonly csrfToken: string;
  readonly places: readonly Place[];
  /** What has just been done. */
  readonly notice: NoticeView | undefined;
}

export interface Place {
  readonly href: string;
  readonly label: string;
  readonly isHere: boolean;
}

const paths = {
  stores: '/account',
  settings: '/account/settings',
  secondFactor: '/account/second-factor',
} as const;

/** The frame of one of these pages; operators find their console there, too. */
export function frameOf(
  req: Request,
  res: Response,
  deps: { readonly randomToken: () => string },
  here?: keyof typeof paths,
): FrameView {
  const { t } = speechOf(res);
  const { name, role } = accountOf(res);
  const own = (Object.keys(paths) as (keyof typeof paths)[]).map((place) => ({
    href: paths[place],
    label: t(`account.places.${place}`),
    isHere: place === here,
  }));
  const console = { href: '/console', label: t('account.places.console'), isHere: false };
  return {
    account: name,
    csrfToken: csrfTokenOf(req, accountPlace, deps),
    places: role === 'operator' ? [...own, console] : own,
    notice: takeNotice(req, res),
  };
}
