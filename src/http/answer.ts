/** What a failure means to the person who sees it. */
export interface Answer {
  readonly status: number;
  /** What happened, one sentence. */
  readonly text: string;
  /** What to do now, one sentence; Magento's own words for what to click. */
  readonly next: string;
  /** Whether signing in again on the same page can help; otherwise Magento's own page is the way on. */
  readonly canRetry?: true;
}

export const activateAgain =
  'In Magento, go to System > Extensions > Integrations and click Activate (or Reauthorize) again.';

export const tellSupport = 'Try again; if it happens again, tell our support the code below.';
