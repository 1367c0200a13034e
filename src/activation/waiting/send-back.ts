import type { Response } from 'express';
import type { KeyRing } from '../../credentials/key-ring.js';
import type { Logger } from '../../log.js';
import { callbackOf, type Popup } from '../popup.js';
import { supportCode } from '../support-code.js';

export interface SendBackDeps {
  readonly ring: KeyRing;
  readonly log: Logger;
}

/** Sends a browser whose store is connected back to Magento. */
export function sendBack({ ring, log }: SendBackDeps, popup: Popup, res: Response): void {
  log.info({ event: 'merchant_returned', activation: supportCode(popup.consumerKey) });
  // Not `res.redirect`, which spells an address anew: Magento compares it character by character.
  res.status(303).set('Location', callbackOf(popup, ring)).end();
}
