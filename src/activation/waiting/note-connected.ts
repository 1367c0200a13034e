import { supportCode } from '../../timeline/support-code.js';
import type { HandOverStore } from '../hand-over/hand-over-store.js';
import type { Popup, Waiting } from '../popup.js';
import { rememberReturn, type ReturnDeps } from '../return-question.js';

export interface NoteConnectedDeps extends Pick<ReturnDeps, 'credentials' | 'log'> {
  readonly handOvers: HandOverStore;
}

/**
 * Notes what follows from a sign-in whose store is connected. To do it twice is to do it once: by whoever ran the
 * exchange, since the browser may be gone by then, and by the browser, since that process may be.
 */
export async function noteConnected(
  deps: NoteConnectedDeps,
  popup: Popup,
  { storeOrigin, isReturnAgreed }: Waiting,
): Promise<void> {
  if (isReturnAgreed) await rememberReturn(deps, popup, storeOrigin);
  if (!('handedOver' in popup)) return;
  await deps.handOvers.use(popup.handedOver).catch((err: unknown) => {
    // The store is connected all the same. Whoever sent the link can sign in, too.
    const activation = supportCode(popup.consumerKey);
    deps.log.warn({ event: 'hand_over_not_noted', activation, err });
  });
}
