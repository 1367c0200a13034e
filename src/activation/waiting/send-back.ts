import type { Response } from 'express';
import type { KeyRing } from '../../credentials/key-ring.js';
import type { Logger } from '../../log.js';
import { callbackOf, type MagentoPopup, type Popup, type Waiting } from '../popup.js';
import { supportCode } from '../support-code.js';

export interface SendBackDeps {
  readonly ring: KeyRing;
  readonly log: Logger;
}

/** Ends a sign-in whose store is connected: Magento's window returns there, a colleague's says that it is done. */
export function showEnd(
  deps: SendBackDeps,
  res: Response,
  popup: Popup,
  { storeOrigin }: Waiting,
): void {
  if (!('handedOver' in popup)) {
    sendBack(deps, popup, res);
    return;
  }
  res.render('connected', {
    storeHost: new URL(storeOrigin).host,
    returnHost: new URL(popup.callbackOrigin).host,
    supportCode: supportCode(popup.consumerKey),
  });
}

/** Sends a browser whose store is connected back to Magento. */
export function sendBack({ ring, log }: SendBackDeps, popup: MagentoPopup, res: Response): void {
  log.info({ event: 'merchant_returned', activation: supportCode(popup.consumerKey) });
  // Not `res.redirect`, which spells an address anew: Magento compares it character by character.
  res.status(303).set('Location', callbackOf(popup, ring)).end();
}
