import { oldestKept } from '../integrations/clean-up.js';
import { refusal } from './refusals.js';

/** How far a client's clock may be ahead. An old timestamp always passes. */
const toleranceSeconds = 600;

/** The column is a varchar(32). */
const longestNonce = 32;

/** The nonces of every consumer: used once, they are used for good. */
export type Nonces = ReturnType<typeof nonceTable>;

/**
 * An empty table of nonces. Each one that comes in may, by chance, clean the table up: whatever is as old as
 * the limit goes, by the timestamps of the clients, and may be used again.
 */
export function nonceTable({
  now,
  isCleanupDue,
}: {
  now: () => Date;
  isCleanupDue: () => boolean;
}) {
  /** By consumer: nonce and timestamp. */
  const used = new Map<number, Map<string, number>>();

  function cleanUp(): void {
    const oldest = oldestKept(now()).getTime() / 1000;
    for (const ofConsumer of used.values()) {
      for (const [nonce, seconds] of ofConsumer) if (seconds <= oldest) ofConsumer.delete(nonce);
    }
  }

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
        throw refusal('nonceInvalid');
      }
      const ofConsumer = used.get(consumerId) ?? new Map<string, number>();
      // The column's collation does not tell capitals from small letters.
      if (ofConsumer.has(nonce.toLowerCase())) throw refusal('nonceUsed', consumerId);
      used.set(consumerId, ofConsumer.set(nonce.toLowerCase(), seconds));
      if (isCleanupDue()) cleanUp();
    },
  };
}
