import { answerFor } from '../http/answer-for.js';
import { AppError, type ErrorCode } from '../errors.js';
import type { Translate } from '../language/translate.js';
import { supportCode } from '../timeline/support-code.js';
import { consumerKeySeconds } from './activation.js';
import { popupLinks, type PopupLinks } from './popup-paths.js';
import type { OpenPopup } from './popup.js';
import { postsThatCount } from './posts-that-count.js';
import type { Situation } from './exchange/situation.js';

/** How long Magento still takes the key. */
export interface ClockView {
  /** `4:12` from this moment on; empty where no clock runs. */
  readonly timeLeft: string;
  readonly secondsLeft: number;
  readonly isLate: boolean;
  /** What there is to say once the five minutes are over. */
  readonly late: Banner;
}

/** What the login page places, in finished words. */
export interface LoginView extends ClockView {
  /** The store's; several where the merchant has to choose once signed in. */
  readonly storeHosts: readonly string[];
  readonly returnHost: string;
  /** Whether this is a colleague's window, and another returns to Magento. */
  readonly isHandedOver: boolean;
  /** What has happened in this popup so far. */
  readonly news: Banner | undefined;
  readonly username: string;
  /** The name is that of whoever is signed in, who may be somebody else than the one who looks at it. */
  readonly isKnown: boolean;
  readonly links: PopupLinks;
  /** Where an account can be made; empty where it cannot. */
  readonly registerHref: string;
  readonly popupId: string;
  readonly csrfToken: string;
  readonly supportCode: string;
}

interface Banner {
  readonly kind: 'bad' | 'good' | 'caution';
  readonly text: string;
  readonly next: string;
}

/** What the login page has to tell: why the last attempt failed, how far it got, or what was done. */
export type LoginNews = ErrorCode | 'half' | 'connected' | 'joined';

/** The login page of one popup, at the moment of `situation`. */
export function loginView(
  t: Translate,
  facts: {
    readonly popup: OpenPopup;
    readonly situation: Situation;
    readonly storeBaseUrls: readonly string[];
    readonly username: string;
    readonly signedIn: string | undefined;
    readonly news: LoginNews | undefined;
    readonly canRegister: boolean;
  },
): LoginView {
  const { popup, situation, storeBaseUrls, news } = facts;
  return {
    ...clockView(t, situation, storeBaseUrls),
    storeHosts: storeBaseUrls.map((storeBaseUrl) => new URL(storeBaseUrl).host),
    returnHost: new URL(popup.callbackOrigin).host,
    isHandedOver: 'handedOver' in popup,
    news: news && newsView(t, news),
    username: facts.username,
    isKnown:
      popup.account === undefined &&
      facts.signedIn !== undefined &&
      facts.username === facts.signedIn,
    links: popupLinks(popup.id),
    registerHref: facts.canRegister ? `/register?popup=${popup.id}` : '',
    popupId: popup.id,
    csrfToken: popup.csrfToken,
    supportCode: supportCode(popup.consumerKey),
  };
}

/** The clock of an activation, at the moment of `situation`. */
export function clockView(
  t: Translate,
  situation: Situation,
  storeBaseUrls: readonly string[],
): ClockView {
  const left = secondsLeft(situation, storeBaseUrls);
  return {
    timeLeft:
      left === undefined ? '' : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`,
    secondsLeft: left ?? 0,
    isLate: left === 0,
    late: { kind: 'caution', text: t('popup.late.text'), next: t('popup.late.next') },
  };
}

function newsView(t: Translate, news: LoginNews): Banner {
  if (news === 'joined') {
    return { kind: 'good', text: t('joining.joined.text'), next: t('joining.joined.next') };
  }
  return news === 'connected' || news === 'half'
    ? { kind: 'good', text: t(`popup.${news}.text`), next: t(`popup.${news}.next`) }
    : { kind: 'bad', ...answerFor(new AppError(news, ''), t) };
}

/** Seconds until Magento calls the key expired; `undefined` where no clock runs, since no verifier waits. */
function secondsLeft(situation: Situation, storeBaseUrls: readonly string[]): number | undefined {
  const { activation, now } = situation;
  if (!activation || activation.state === 'authorized' || activation.state === 'accessing')
    return undefined;
  const received = postsThatCount(situation, activation.candidates)
    .filter((candidate) => storeBaseUrls.includes(candidate.storeBaseUrl))
    .map(({ receivedAt }) => receivedAt.getTime());
  if (received.length === 0) return undefined;
  const age = Math.floor((now.getTime() - Math.max(...received)) / 1000);
  return Math.max(0, consumerKeySeconds - age);
}
