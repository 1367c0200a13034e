import { hash } from 'node:crypto';

/** Letters and digits that are not mistaken for one another when read out on the telephone. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * A short name for an integration, `ACT-7F3KQ9`: shown to the merchant and written to the log in the place of
 * the consumer key, from which it is derived but which it does not give away.
 */
export function supportCode(consumerKey: string): string {
  let code = 'ACT-';
  for (const byte of hash('sha256', consumerKey, 'buffer').subarray(0, 6)) {
    code += alphabet.charAt(byte % 32);
  }
  return code;
}
