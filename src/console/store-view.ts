import type { Credential, CredentialSecrets } from '../credentials/credential.js';
import type { Notice } from '../credentials/notice-store.js';
import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import { momentOf, type Moment } from '../language/moment.js';
import type { Problem } from '../sign-in/sign-in-view.js';
import { supportCode } from '../timeline/support-code.js';
import type { TimelineEvent } from '../timeline/timeline-event.js';
import { checkView, type CheckView } from './check-view.js';
import type { FrameView } from './frame-view.js';
import { masked } from './masked.js';
import { attemptPath, storePath } from './places.js';
import { refusalView, type RefusalView } from './refusal-view.js';
import { noticeView, type NoticeView } from './notice-view.js';

/** One of the four values that sign a REST call. */
export interface SigningValue {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

/** What a store's page places. */
export interface StoreView {
  readonly frame: FrameView;
  readonly host: string;
  readonly storeBaseUrl: string;
  readonly account: string;
  readonly connected: Moment;
  readonly check: CheckView;
  readonly consumerKey: string;
  readonly path: string;
  readonly supportCode: string;
  /** The page of what happened, where something is known of it. */
  readonly attemptHref: string;
  /** What a POST for it turned out to be. */
  readonly notice: NoticeView | undefined;
  readonly refusal: RefusalView | undefined;
  /** What kept the last action from being done. */
  readonly problem: Problem | undefined;
  /** Why the secrets cannot be opened, if so; then nothing that needs them can be done. */
  readonly unreadable: Problem | undefined;
  readonly values: readonly SigningValue[];
  /** Whether the values stand there in clear. */
  readonly isRevealed: boolean;
  readonly shownSeconds: number;
  /** Whether a reveal asks for a code beside the password. */
  readonly asksForCode: boolean;
}

/** How long revealed values stay on the screen before the browser goes back to the masked page. */
export const shownSeconds = 30;

/** One store: its facts, and its values masked unless they were just revealed. */
export function storeView(facts: {
  readonly frame: FrameView;
  readonly credential: Credential;
  readonly secrets: CredentialSecrets | undefined;
  readonly notice: Notice | undefined;
  readonly events: readonly TimelineEvent[];
  readonly isRevealed: boolean;
  readonly problem: Problem | undefined;
  readonly asksForCode: boolean;
  readonly now: Date;
}): StoreView {
  const { credential, secrets, events, isRevealed, now } = facts;
  const code = supportCode(credential.consumerKey);
  const shown = isRevealed ? (secret: string) => secret : masked;
  return {
    frame: facts.frame,
    host: new URL(credential.storeBaseUrl).host,
    storeBaseUrl: credential.storeBaseUrl,
    account: credential.account,
    connected: momentOf(credential.connectedAt, now),
    check: checkView(credential, now),
    consumerKey: credential.consumerKey,
    path: storePath(credential.consumerKey),
    supportCode: code,
    attemptHref: events.length > 0 ? attemptPath(code) : '',
    notice: noticeView(facts.notice, now),
    refusal: refusalView(events, credential, now),
    problem: facts.problem,
    unreadable: secrets ? undefined : answerFor(new AppError('sealed_unreadable', '')),
    values: secrets
      ? [
          { id: 'consumer-key', label: 'Consumer key', text: credential.consumerKey },
          { id: 'consumer-secret', label: 'Consumer secret', text: shown(secrets.consumerSecret) },
          { id: 'access-token', label: 'Access token', text: shown(secrets.accessToken) },
          {
            id: 'access-token-secret',
            label: 'Access token secret',
            text: shown(secrets.accessTokenSecret),
          },
        ]
      : [],
    isRevealed: isRevealed && secrets !== undefined,
    shownSeconds,
    asksForCode: facts.asksForCode,
  };
}
