import { MagentoError } from '../calls/magento-error.js';

/** How far a client's clock may be ahead. An old timestamp always passes. */
const toleranceSeconds = 600;

/** The column is a varchar(32). */
const longestNonce = 32;

/** The nonces of every consumer: used once, they are used for good. */
export type Nonces = ReturnType<typeof nonceTable>;

/** An empty table of nonces. */
export function nonceTable({ now }: { now: () => Date }) {
  const used = new Map<number, Set<string>>();

  return {
    /**
     * Takes a nonce for a consumer, before anyone looks at the signature: a call that fails later has burnt it.
     * A bad timestamp has no message of its own, and does not burn the nonce.
     *
     * @see docs/magento.md, "Nonce and timestamp"
     */
    use(consumerId: number, nonce: string, timestamp: string): void {
      const seconds = Number.parseInt(timestamp, 10);
      const latest = Math.floor(now().getTime() / 1000) + toleranceSeconds;
      if (!(seconds > 0 && seconds <= latest) || nonce.length > longestNonce) {
        throw new MagentoError(401, 'An error occurred validating the nonce');
      }
      const ofConsumer = used.get(consumerId) ?? new Set();
      // The column's collation does not tell capitals from small letters.
      if (ofConsumer.has(nonce.toLowerCase())) {
        const message = 'The nonce is already being used by the consumer with ID %1';
        throw new MagentoError(401, message, [consumerId]);
      }
      used.set(consumerId, ofConsumer.add(nonce.toLowerCase()));
    },
  };
}
