import type { Notice, postVerdicts } from '../credentials/notice-store.js';
import { momentOf, type Moment } from '../language/moment.js';

/** What a POST for a connected store turned out to be, and what to do about it. */
export interface NoticeView {
  /** For the list: `Reauthorize waiting` */
  readonly word: string;
  readonly meaning: 'caution' | 'bad';
  readonly text: string;
  readonly next: string;
  readonly at: Moment;
  /** The address that the POST came from, and the store that it named: a stranger's words, perhaps. */
  readonly from: string;
  readonly storeBaseUrl: string;
  /** Whether an operator may put it away. What a merchant has to finish goes when that is done. */
  readonly canDismiss: boolean;
}

type Verdict = (typeof postVerdicts)[number];

const verdicts: Record<
  Verdict,
  Pick<NoticeView, 'word' | 'meaning' | 'text' | 'next' | 'canDismiss'>
> = {
  superseded: {
    word: 'Reauthorize waiting',
    meaning: 'caution',
    text: 'The store no longer accepts the stored token, as after a Reauthorize in Magento.',
    next: 'To finish, the merchant has to sign in in the window that Magento opened; if that is closed, click Activate there again. Until then the old credential is kept, but calls with it fail.',
    canDismiss: false,
  },
  suspicious: {
    word: 'Suspicious activation',
    meaning: 'bad',
    text: 'Somebody posted an activation for this store, although its token still works.',
    next: 'Nothing was changed. Magento ends the old token before it posts, so this was hardly Magento. Check with the merchant who may have posted: it is somebody who knows the consumer key.',
    canDismiss: true,
  },
};

/** What the console tells of a notice; nothing where no POST has been judged. */
export function noticeView(notice: Notice | undefined, now: Date): NoticeView | undefined {
  if (!notice?.lastPost) return undefined;
  const { verdict, at, from, storeBaseUrl } = notice.lastPost;
  return { ...verdicts[verdict], at: momentOf(at, now), from, storeBaseUrl };
}
