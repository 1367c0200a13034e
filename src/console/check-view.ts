import type { CheckResult, Credential } from '../credentials/credential.js';
import { momentOf, type Moment } from '../language/moment.js';

/** How a store fares, by its last check: a word, and what it means to whoever runs this. */
export interface CheckView {
  readonly word: string;
  readonly meaning: 'good' | 'caution' | 'bad' | 'unknown';
  readonly at: Moment | undefined;
  /** What the check showed: the store's own words, perhaps. */
  readonly detail: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly next: string;
}

const results: Record<CheckResult, Pick<CheckView, 'word' | 'meaning' | 'next'>> = {
  connected: { word: 'Connected', meaning: 'good', next: '' },
  connected_without_permission: {
    word: 'Limited',
    meaning: 'caution',
    next: 'To allow more, edit the integration in Magento and tick resources under API, then reauthorize it.',
  },
  refused: {
    word: 'Refused',
    meaning: 'bad',
    next: 'In Magento, go to System > Extensions > Integrations and click Reauthorize.',
  },
  undecided: {
    word: 'Unclear',
    meaning: 'caution',
    next: 'The store refused the call, not the token. Compare the clocks of both servers, and see what stands between them.',
  },
  unreachable: {
    word: 'Unreachable',
    meaning: 'bad',
    next: 'See whether the store is up and its address still right, then check again.',
  },
};

export function checkView({ lastCheck }: Credential, now: Date): CheckView {
  if (!lastCheck) {
    return { word: 'Not checked', meaning: 'unknown', at: undefined, detail: '', next: '' };
  }
  const { at, result, detail } = lastCheck;
  return { ...results[result], at: momentOf(at, now), detail };
}
