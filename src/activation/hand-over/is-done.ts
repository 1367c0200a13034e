import type { Situation } from '../exchange/situation.js';
import { returnsElsewhere, type ReturnDeps } from '../return-question.js';
import { isChecked } from '../waiting/stage.js';
import type { HandOver } from './hand-over-store.js';

/**
 * Whether the sign-in that was handed over has been made: by the link, or anywhere else since. The second shows, too,
 * where the process that ran the exchange died before it could note the first. Who signed in elsewhere was not asked
 * whether this window may return where it came from: then it is done only if nobody has to be.
 */
export function isDone(
  deps: Pick<ReturnDeps, 'returnOrigins'>,
  handOver: HandOver,
  situation: Situation,
): boolean {
  if (handOver.usedAt) return true;
  const { activation, credential, now } = situation;
  return (
    activation?.state === 'connected' &&
    credential !== undefined &&
    credential.connectedAt > handOver.createdAt &&
    isChecked(credential, now) &&
    !returnsElsewhere(deps, situation, handOver, new URL(credential.storeBaseUrl).origin)
  );
}
