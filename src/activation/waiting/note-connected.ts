import type { Popup, Waiting } from '../popup.js';
import { rememberReturn, type ReturnDeps } from '../return-question.js';

export type NoteConnectedDeps = Pick<ReturnDeps, 'credentials' | 'log'>;

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
}
