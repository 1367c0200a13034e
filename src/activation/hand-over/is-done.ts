import type { Situation } from '../exchange/situation.js';
import { isChecked } from '../waiting/stage.js';
import type { HandOver } from './hand-over-store.js';

/**
 * Whether the sign-in that was handed over has been made: by the link, or anywhere else since. The second shows, too,
 * where the process that ran the exchange died before it could note the first.
 */
export function isDone(
  { usedAt, createdAt }: HandOver,
  { activation, credential, now }: Situation,
): boolean {
  if (usedAt) return true;
  return (
    activation?.state === 'connected' &&
    credential !== undefined &&
    credential.connectedAt > createdAt &&
    isChecked(credential, now)
  );
}
