import { AppError } from '../errors.js';
import { answerFor } from '../http/answer-for.js';
import type { Fixer } from '../http/failures.js';
import { refusedAccount } from '../timeline/timeline-store.js';
import type { TimelineEvent } from '../timeline/timeline-event.js';

/** One event of an attempt, in words. */
export interface Told {
  readonly text: string;
  readonly meaning: 'good' | 'caution' | 'bad' | 'unknown';
  /** What has to be done while this is the last that has happened; empty where nothing has. */
  readonly next: string;
  /** Who can do it; empty where nobody has to. */
  readonly fixer: string;
}

const merchant = 'The merchant, in the popup or in Magento';

/** The page of a failure calls the merchant you. */
const fixers: Readonly<Record<Fixer, string>> = {
  you: merchant,
  magentoAdmin: 'Whoever sets up Magento for this store',
  storeServer: "Whoever runs the store's server",
  appOperator: 'Whoever runs this app',
  time: 'Nobody has to: it passes',
};

type Kind = TimelineEvent['kind'];
type Of<K extends Kind> = Extract<TimelineEvent, { readonly kind: K }>;

const tellers: { readonly [K in Kind]: (event: Of<K>) => Told } = {
  popup_opened: ({ returnHost }) => ({
    text: `The popup was opened from \`${returnHost}\`.`,
    meaning: 'unknown',
    next: 'Nobody has signed in since. The merchant has to do that in the popup; if it is closed, click **Activate** (or **Reauthorize**) in Magento again.',
    fixer: merchant,
  }),
  code_asked: ({ account }) => ({
    text: `${account} gave the right password; the code of the second factor is missing.`,
    meaning: 'caution',
    next: `The merchant has to type the code. Without the phone, one of the recovery codes; without those, reset the second factor of ${account}.`,
    fixer: merchant,
  }),
  signed_in: ({ account }) => ({
    text: `${account} signed in.`,
    meaning: 'unknown',
    next: 'The store is being asked for its tokens. What is cut off goes on by itself within a minute or two.',
    fixer: fixers.time,
  }),
  question_asked: ({ account }) => ({
    text: `${account} was asked which store to connect, or where to return to.`,
    meaning: 'caution',
    next: 'The merchant has to answer in the popup. If it is closed, click **Activate** (or **Reauthorize**) in Magento again.',
    fixer: merchant,
  }),
  failed: failureTold,
  connected: ({ account, store }) => ({
    text: `${account} connected \`${store}\`.`,
    meaning: 'good',
    next: '',
    fixer: '',
  }),
  returned: ({ returnHost }) => ({
    text: `Connected, and back to \`${returnHost}\`.`,
    meaning: 'good',
    next: '',
    fixer: '',
  }),
  disconnected: () => ({
    text: 'The store was disconnected here.',
    meaning: 'unknown',
    next: 'To connect it again, the merchant has to click **Reauthorize** in Magento.',
    fixer: merchant,
  }),
};

/** What an event says to whoever helps the merchant. */
export function told<K extends Kind>(event: Of<K>): Told {
  return tellers[event.kind](event);
}

function failureTold(event: Of<'failed'>): Told {
  const { code } = event;
  const answer = answerFor(code === 'unexpected' ? undefined : new AppError(code, ''));
  const refused = refusedAccount(event);
  return {
    text:
      refused === undefined ? answer.text : `${refused} was refused: ${lowerFirst(answer.text)}`,
    meaning: isOfTyping(code) ? 'caution' : 'bad',
    next: answer.next,
    fixer: fixers[answer.fixer],
  };
}

/** What the next try may put right, without anything else being wrong. */
function isOfTyping(code: Of<'failed'>['code']): boolean {
  return code === 'wrong_password' || code === 'wrong_code' || code === 'sign_in_required';
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
