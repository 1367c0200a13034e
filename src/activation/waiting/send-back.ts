import type { Response } from 'express';
import type { KeyRing } from '../../credentials/key-ring.js';
import type { Logger } from '../../log.js';
import { supportCode } from '../../timeline/support-code.js';
import { noteReturn, type NotesDeps } from '../attempt-notes.js';
import { callbackOf, type MagentoPopup, type Popup, type Waiting } from '../popup.js';

export interface SendBackDeps extends NotesDeps {
  readonly ring: KeyRing;
  readonly log: Logger;
}

/** Ends a sign-in whose store is connected: Magento's window returns there, a colleague's says that it is done. */
export function showEnd(
  deps: SendBackDeps,
  res: Response,
  popup: Popup,
  { storeOrigin, account }: Waiting,
): void {
  if (!('handedOver' in popup)) {
    sendBack(deps, popup, res, account);
    return;
  }
  res.render('connected', {
    storeHost: new URL(storeOrigin).host,
    returnHost: new URL(popup.callbackOrigin).host,
    supportCode: supportCode(popup.consumerKey),
  });
}

/** Sends a browser whose store is connected back to Magento. Without an account, a colleague has signed in elsewhere. */
export function sendBack(
  deps: SendBackDeps,
  popup: MagentoPopup,
  res: Response,
  account?: string,
): void {
  deps.log.info({ event: 'merchant_returned', activation: supportCode(popup.consumerKey) });
  noteReturn(deps, popup, account);
  // Not `res.redirect`, which spells an address anew: Magento compares it character by character.
  res.status(303).set('Location', callbackOf(popup, deps.ring)).end();
}
