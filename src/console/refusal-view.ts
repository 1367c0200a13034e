import type { Credential } from '../credentials/credential.js';
import { refusedAccount } from '../timeline/timeline-store.js';
import type { TimelineEvent } from '../timeline/timeline-event.js';
import { momentOf, type Moment } from '../language/moment.js';

/** That somebody signed in for a connected store with an account that it is not linked to. */
export interface RefusalView {
  readonly text: string;
  readonly next: string;
  readonly at: Moment;
}

const shownMs = 7 * 24 * 3600 * 1000;

/** From when on a refusal is shown: for a week, and only as long as the store has not been connected since. */
export function refusalsSince(now: Date): Date {
  return new Date(now.getTime() - shownMs);
}

/** The last refusal of a connected store, if it is to be shown. */
export function refusalView(
  events: readonly TimelineEvent[],
  { account, connectedAt }: Credential,
  now: Date,
): RefusalView | undefined {
  const [refusal] = events.flatMap((event) => {
    const other = refusedAccount(event);
    return other === undefined ? [] : [{ other, at: event.at }];
  });
  if (!refusal || refusal.at < refusalsSince(now) || refusal.at < connectedAt) return undefined;
  const { other } = refusal;
  return {
    text: `${other} signed in to connect this store, and was refused: it is linked to ${account}.`,
    next: `Nothing was changed. The merchant can sign in as ${account}, or create a new integration in Magento. To link the store to ${other} instead, disconnect it here and have the merchant click **Reauthorize**. This is shown for a week.`,
    at: momentOf(refusal.at, now),
  };
}
