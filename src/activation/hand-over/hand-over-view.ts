import type { Translate } from '../../language/translate.js';
import { supportCode } from '../../timeline/support-code.js';
import type { Situation } from '../exchange/situation.js';
import { clockView, type ClockView } from '../login-view.js';
import { handOverPath, loginPath } from '../popup-paths.js';
import type { MagentoPopup } from '../popup.js';

/** What the pages place that hand a sign-in over, in finished words. */
export interface HandOverView extends ClockView {
  readonly storeHosts: readonly string[];
  readonly returnHost: string;
  /** What the colleague opens; empty before it was asked for. */
  readonly link: string;
  /** Opens a mail to the colleague. */
  readonly mailto: string;
  /** After how many seconds, and where, the page looks again. */
  readonly refresh: string;
  readonly loginPath: string;
  readonly popupId: string;
  readonly csrfToken: string;
  readonly supportCode: string;
}

/** Often enough for who looks on, and seldom enough for who is about to copy the link. */
const refreshSeconds = 10;

/** The pages of one popup whose sign-in is handed over. */
export function handOverView(
  t: Translate,
  popup: MagentoPopup & { readonly id: string },
  situation: Situation,
  storeBaseUrls: readonly string[],
  link: string,
): HandOverView {
  const storeHosts = storeBaseUrls.map((storeBaseUrl) => new URL(storeBaseUrl).host);
  return {
    ...clockView(t, situation, storeBaseUrls),
    storeHosts,
    returnHost: new URL(popup.callbackOrigin).host,
    link,
    mailto: mailto(t, storeHosts, link),
    refresh: `${refreshSeconds};url=${handOverPath(popup.id)}`,
    loginPath: loginPath(popup.id),
    popupId: popup.id,
    csrfToken: popup.csrfToken,
    supportCode: supportCode(popup.consumerKey),
  };
}

function mailto(t: Translate, [host, ...others]: readonly string[], link: string): string {
  const store = host !== undefined && others.length === 0 ? host : t('popup.handOver.ourStore');
  const subject = encodeURIComponent(t('popup.handOver.mailSubject', { store }));
  const body = encodeURIComponent(`${t('popup.handOver.mailText', { store })}\r\n\r\n${link}\r\n`);
  return `mailto:?subject=${subject}&body=${body}`;
}
