import type { Request, Response } from 'express';
import { speechOf } from '../language/speech.js';
import * as places from '../sign-in/place-session.js';
import { accountPlace } from './account-place.js';

/** What the next page says once. */
export interface NoticeView {
  readonly kind: 'good';
  readonly text: string;
  readonly next: string;
}

const doings = ['disconnected', 'passwordChanged', 'languageChosen'] as const;

type Doing = (typeof doings)[number];

/** Leaves for the next page what has just been done, and to which store. */
export function leaveNotice(
  req: Request,
  deps: { readonly randomToken: () => string },
  doing: Doing,
  host = '',
): void {
  places.leaveNotice(req, accountPlace, deps, { doing, host });
}

/** The notice that was left, in the language of this page; it is gone afterwards. */
export function takeNotice(req: Request, res: Response): NoticeView | undefined {
  const left = places.takeNotice(req, accountPlace);
  const doing = doings.find((known) => known === left?.['doing']);
  const host = left?.['host'] ?? '';
  if (!doing) return undefined;
  const { t } = speechOf(res);
  const say = (part: string) => t(`account.notice.${doing}.${part}`, { host });
  return { kind: 'good', text: say('text'), next: say('next') };
}
