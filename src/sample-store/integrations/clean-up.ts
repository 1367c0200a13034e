/** `oauth/cleanup/expiration_period`: 120 minutes. */
const keptMs = 120 * 60 * 1000;

/**
 * What was made at this time or earlier is deleted by the clean-up that follows, by chance, a save of a token or
 * of a nonce.
 *
 * @see docs/magento.md, "Token rows"
 */
export function oldestKept(now: Date): Date {
  return new Date(now.getTime() - keptMs);
}
