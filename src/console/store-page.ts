import type { Request, Response } from 'express';
import type { Credential, CredentialSecrets } from '../credentials/credential.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import type { NoticeStore } from '../credentials/notice-store.js';
import { AppError } from '../errors.js';
import type { TimelineStore } from '../timeline/timeline-store.js';
import { frameOf } from './frame-view.js';
import { secondFactorOf } from '../sign-in/own-second-factor.js';
import type { Problem } from '../sign-in/sign-in-view.js';
import { storeView } from './store-view.js';

export interface StorePageDeps {
  readonly credentials: Pick<CredentialStore, 'find' | 'open'>;
  readonly notices: Pick<NoticeStore, 'find'>;
  readonly timeline: Pick<TimelineStore, 'of'>;
  readonly now: () => Date;
  readonly randomToken: () => string;
}

/** The store whose consumer key the address names; where there is none, the answer is given here. */
export async function storeAsked(
  deps: StorePageDeps,
  req: Request,
  res: Response,
): Promise<Credential | undefined> {
  const credential = await deps.credentials.find(String(req.params['consumerKey']));
  if (!credential) showNotFound(deps, req, res, 'store');
  return credential;
}

const missing = {
  page: { text: 'There is no such page', detail: 'Check the address.' },
  store: {
    text: 'This store is not connected',
    detail: 'No stored credential has this consumer key. It may have been disconnected.',
  },
  attempt: {
    text: 'No attempt has this support code',
    detail:
      'Check the code with the merchant: it looks like ACT-7F3KQ9. An attempt is kept for 30 days, one that no store has announced for a day.',
  },
  account: {
    text: 'There is no such account',
    detail: 'Look for it under People.',
  },
  invitation: {
    text: 'There is no such invitation',
    detail: 'It may have been revoked.',
  },
} as const;

const wayBack = {
  page: { href: '/console', text: 'Back to the list of stores' },
  store: { href: '/console', text: 'Back to the list of stores' },
  attempt: { href: '/console/attempts', text: 'All attempts' },
  account: { href: '/console/people', text: 'All people' },
  invitation: { href: '/console/people', text: 'All people' },
} as const satisfies Record<keyof typeof missing, object>;

/** The page that says that there is no such thing, with a way back. */
export function showNotFound(
  deps: Pick<StorePageDeps, 'randomToken'>,
  req: Request,
  res: Response,
  what: keyof typeof missing,
): void {
  res.status(404);
  res.render('console/not-found', {
    frame: frameOf(req, res, deps),
    ...missing[what],
    back: wayBack[what],
  });
}

/** Shows a store's page: masked, unless it was revealed. */
export async function showStore(
  deps: StorePageDeps,
  req: Request,
  res: Response,
  credential: Credential,
  { problem, isRevealed = false }: { problem?: Problem; isRevealed?: boolean } = {},
): Promise<void> {
  const view = storeView({
    frame: frameOf(req, res, deps),
    credential,
    secrets: readableSecrets(deps, credential),
    notice: await deps.notices.find(credential),
    events: await deps.timeline.of(credential.consumerKey),
    isRevealed,
    problem,
    asksForCode: secondFactorOf(res) !== undefined,
    now: deps.now(),
  });
  res.render('console/store', view);
}

/** The secrets, or `undefined` when no key on the ring opens them, which the page then says. */
export function readableSecrets(
  { credentials }: Pick<StorePageDeps, 'credentials'>,
  credential: Credential,
): CredentialSecrets | undefined {
  try {
    return credentials.open(credential);
  } catch (error) {
    if (error instanceof AppError && error.code === 'sealed_unreadable') return undefined;
    throw error;
  }
}
