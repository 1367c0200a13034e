import { answerFor } from '../http/answer-for.js';
import { AppError } from '../errors.js';
import { consumerKeySeconds } from './activation.js';
import type { Popup } from './popup.js';
import type { Situation } from './situation.js';
import { supportCode } from './support-code.js';

/** What the login page places, in finished words. */
export interface LoginView {
  readonly storeHost: string;
  readonly returnHost: string;
  readonly timeLeft: string;
  readonly isLate: boolean;
  readonly problem: { readonly text: string; readonly next: string } | undefined;
  readonly username: string;
  readonly popupId: string;
  readonly csrfToken: string;
  readonly supportCode: string;
}

/** The login page of one popup, at the moment of `situation`. */
export function loginView(facts: {
  readonly popup: Popup & { readonly id: string };
  readonly situation: Situation;
  readonly storeBaseUrl: string;
  readonly username: string;
  readonly problem: 'wrong_password' | undefined;
}): LoginView {
  const { popup, situation, problem } = facts;
  const left = secondsLeft(situation, facts.storeBaseUrl);
  return {
    storeHost: new URL(facts.storeBaseUrl).host,
    returnHost: new URL(popup.callbackOrigin).host,
    timeLeft:
      left === undefined ? '' : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`,
    isLate: left === 0,
    problem: problem && answerFor(new AppError(problem, '')),
    username: facts.username,
    popupId: popup.id,
    csrfToken: popup.csrfToken,
    supportCode: supportCode(popup.consumerKey),
  };
}

/** Seconds until Magento calls the key expired; `undefined` where no clock runs, since no verifier waits. */
function secondsLeft({ activation, now }: Situation, storeBaseUrl: string): number | undefined {
  if (!activation || activation.state === 'authorized' || activation.state === 'accessing')
    return undefined;
  const received = activation.candidates
    .filter((candidate) => candidate.storeBaseUrl === storeBaseUrl)
    .map(({ receivedAt }) => receivedAt.getTime());
  if (received.length === 0) return undefined;
  const age = Math.floor((now.getTime() - Math.max(...received)) / 1000);
  return Math.max(0, consumerKeySeconds - age);
}
