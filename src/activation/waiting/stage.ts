import type { Credential } from '../../credentials/credential.js';
import { AppError } from '../../errors.js';
import { leaseOf, type Activation } from '../activation.js';
import { hasConnected } from '../exchange/has-connected.js';
import type { Situation } from '../exchange/situation.js';

/** What an exchange does in turn. The store has been reached when it has accepted the first request. */
export const steps = ['reach', 'request', 'access', 'check'] as const;

/** Where an exchange stands: at one of the steps, at its good end, or nowhere, when nobody is seen to go on with it. */
export type Stage = (typeof steps)[number] | 'over' | 'stuck';

/** After the end of a lease a pass soon takes the exchange over; whoever does not hear of it by then has waited enough. */
const takenOverWithinMs = 15_000;

/** One call with the new credential and what it takes to note its outcome. */
const checkedWithinMs = 20_000;

/**
 * Where the exchange stands that a browser waits for, by the records alone, so that another process can tell, too.
 *
 * @throws AppError of its end, when it brought no connection.
 */
export function stageOf({
  activation,
  credential,
  now,
}: Pick<Situation, 'activation' | 'credential' | 'now'>): Stage {
  if (hasConnected(activation)) {
    if (!credential) throw new AppError('disconnected', 'the credential was disconnected');
    return isChecked(credential, now) ? 'over' : 'check';
  }
  const lease = activation && leaseOf(activation);
  if (!lease || now.getTime() - lease.until.getTime() >= takenOverWithinMs) return 'stuck';
  return stepOf(activation);
}

/** Whether the first call with a credential has shown what there was to show, or has had its time. */
export function isChecked({ connectedAt, lastCheck }: Credential, now: Date): boolean {
  if (lastCheck && lastCheck.at >= connectedAt && lastCheck.result !== 'refused') return true;
  return now.getTime() - connectedAt.getTime() >= checkedWithinMs;
}

/** What was announced in the record is under way; of what that call has done so far, nothing can be told. */
function stepOf({ state }: Activation): Stage {
  return state === 'requesting' ? 'reach' : 'access';
}
