import type { CredentialStore } from '../credentials/credential-store.js';
import { common } from './exchange/ownership.js';
import type { ActivationStore } from './activation-store.js';
import type { NotesDeps } from './attempt-notes.js';

export interface DisconnectStoreDeps extends NotesDeps {
  readonly activations: ActivationStore;
  readonly credentials: CredentialStore;
  readonly now: () => Date;
}

/**
 * Forgets a connected store, in one step with the tombstone that ends any exchange of it which is under way: what
 * that brings is of an earlier generation and is not kept. Answers whether there was such a store.
 */
export async function disconnectStore(
  { activations, credentials, timeline, now }: DisconnectStoreDeps,
  consumerKey: string,
): Promise<boolean> {
  const credential = await credentials.find(consumerKey);
  if (!credential) return false;
  const tombstone = await activations.change(
    consumerKey,
    (current) =>
      current?.state === 'disconnected'
        ? undefined
        : {
            ...(current ? common(current) : { version: 1, consumerKey }),
            state: 'disconnected' as const,
            disconnectedAt: now(),
            candidates: [],
            claimedBy: undefined,
            generation: (current?.generation ?? 0) + 1,
          },
    async () => {
      const current = await credentials.find(consumerKey);
      return current && credentials.changeToNone(current);
    },
  );
  await credentials.unlist(credential);
  if (!tombstone) return false;
  timeline.note(consumerKey, { kind: 'disconnected' });
  return true;
}
