import type { Response } from 'express';
import type { ErrorCode } from '../errors.js';
import type { FailureContext } from '../http/error-handler.js';
import { supportCode } from '../timeline/support-code.js';
import type { TimelineStore } from '../timeline/timeline-store.js';
import type { Popup } from './popup.js';

export interface NotesDeps {
  readonly timeline: Pick<TimelineStore, 'note'>;
}

/** What is known of an attempt: first its key alone, then where its popup came from. */
type Known = Pick<Popup, 'consumerKey'> & Partial<Pick<Popup, 'callbackOrigin'>>;

/**
 * From here on, what this request fails of stands in the timeline of its integration, beside the account that has signed in,
 * and the failure page shows the support code that finds it.
 */
export function noteFailures(deps: NotesDeps, res: Response, known: Known, account?: string): void {
  const { consumerKey, callbackOrigin } = known;
  const returnHost = callbackOrigin && hostOf(callbackOrigin);
  const context: FailureContext = res.locals;
  context.supportCode = supportCode(consumerKey);
  context.noteFailure = (code) => {
    deps.timeline.note(consumerKey, { kind: 'failed', code, account, returnHost });
  };
}

/** What the form says again instead of a failure page. */
export function noteProblem(res: Response, code: ErrorCode): void {
  const context: FailureContext = res.locals;
  context.noteFailure?.(code);
}

/** Magento has opened a popup in which these stores could be connected. */
export function noteOpenedPopup(
  deps: NotesDeps,
  { consumerKey, callbackOrigin }: Pick<Popup, 'consumerKey' | 'callbackOrigin'>,
  storeBaseUrls: readonly string[],
): void {
  const stores = storeBaseUrls.map(hostOf);
  const returnHost = hostOf(callbackOrigin);
  deps.timeline.note(consumerKey, { kind: 'popup_opened', returnHost, stores });
}

/** The browser is sent back to Magento. */
export function noteReturn(deps: NotesDeps, popup: Popup, account: string | undefined): void {
  const returnHost = hostOf(popup.callbackOrigin);
  deps.timeline.note(popup.consumerKey, { kind: 'returned', account, returnHost });
}

function hostOf(address: string): string {
  return new URL(address).host;
}
