import { AppError } from '../../errors.js';
import type { Activation } from '../activation.js';

/**
 * Whether the exchange that somebody looks on at has brought a connection, by the record alone; `false` while it may
 * still do so.
 *
 * @throws AppError of its end, when it brought none.
 */
export function hasConnected(current: Activation | undefined): boolean {
  if (!current) throw new AppError('activation_unknown', 'the activation is gone');
  if (current.state === 'connected') return true;
  if (current.state === 'disconnected') {
    throw new AppError('disconnected', 'the store was disconnected during the exchange');
  }
  if ('failure' in current && current.failure) {
    throw new AppError(current.failure.code, 'the exchange that was running failed');
  }
  return false;
}
