import { createHash } from 'node:crypto';

/** Letters and digits that are not mistaken for one another when read out on the telephone. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * A short name for an integration, `ACT-7F3KQ9`: shown to the merchant and written to the log in the place of
 * the consumer key, from which it is derived but which it does not give away.
 */
export function supportCode(consumerKey: string): string {
  const digest = createHash('sha256').update(consumerKey).digest();
  return `ACT-${[...digest.subarray(0, 6)].map((byte) => alphabet[byte % 32]).join('')}`;
}
