import type { Logger } from '../log.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import { supportCode } from '../timeline/support-code.js';
import type { Situation } from './exchange/situation.js';
import { popupLinks } from './popup-paths.js';
import type { OpenPopup, Popup } from './popup.js';

export interface ReturnDeps {
  readonly credentials: CredentialStore;
  /** Origins of admins that nobody has to be asked about. */
  readonly returnOrigins: readonly string[];
  readonly log: Logger;
}

/**
 * What to ask before anything is connected: which of several stores, whether the browser is to be sent to another
 * origin than the store's, whether the store is to take the place of another. `undefined` when nothing is.
 */
export function returnQuestion(
  deps: ReturnDeps,
  situation: Situation,
  popup: OpenPopup,
  stores: readonly URL[],
) {
  const { credential } = situation;
  const connected = credential && new URL(credential.storeBaseUrl);
  const isElsewhere = stores.some(({ origin }) => returnsElsewhere(deps, situation, popup, origin));
  const replaces = connected && stores.some(({ origin }) => origin !== connected.origin);
  if (stores.length === 1 && !isElsewhere && !replaces) return undefined;
  return {
    stores: stores.map(({ host, origin }) => ({ host, origin })),
    isHandedOver: 'handedOver' in popup,
    returnHost: new URL(popup.callbackOrigin).host,
    returnsElsewhere: isElsewhere,
    replacedHost: replaces ? connected.host : '',
    help: popupLinks(popup.id).help,
    popupId: popup.id,
    csrfToken: popup.csrfToken,
    supportCode: supportCode(popup.consumerKey),
  };
}

/**
 * Whether a popup returns to an origin that is neither that of the store, nor one which its account has agreed to
 * before, nor one of the operator's.
 */
export function returnsElsewhere(
  { returnOrigins }: Pick<ReturnDeps, 'returnOrigins'>,
  { credential }: Pick<Situation, 'credential'>,
  { callbackOrigin }: Pick<Popup, 'callbackOrigin'>,
  storeOrigin: string,
): boolean {
  const isSameStore = credential && new URL(credential.storeBaseUrl).origin === storeOrigin;
  const agreed = isSameStore ? (credential.returnOrigins ?? []) : [];
  return ![storeOrigin, ...returnOrigins, ...agreed].includes(callbackOrigin);
}

/** Once the merchant has said yes and the store is connected: the next time nobody is asked. */
export async function rememberReturn(
  { credentials, log }: Pick<ReturnDeps, 'credentials' | 'log'>,
  { consumerKey, callbackOrigin }: Popup,
  storeOrigin: string,
): Promise<void> {
  const agreed = { storeOrigin, returnOrigin: callbackOrigin };
  await credentials.rememberReturn(consumerKey, agreed).catch((error: unknown) => {
    // What was asked for is done; to be asked once more is not worth a failure.
    log.warn({ event: 'return_forgotten', activation: supportCode(consumerKey), err: error });
  });
}
