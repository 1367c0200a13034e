import type { CredentialStore } from '../../credentials/credential-store.js';
import { checkConnection } from '../../magento/check-connection.js';
import type { SignedCallDeps } from '../../magento/signed-call.js';
import { changeOwn, common, type Ownership, type OwnershipDeps } from './ownership.js';

/**
 * Whether the store still takes the credential that is stored, when an exchange for newer POSTs has ended without
 * another. Then those POSTs were worth nothing, since Reauthorize kills the old token before it posts, and the record says
 * `connected` again when this resolves.
 *
 * @throws AppError `exchange_under_way`, `disconnected`
 */
export async function isStillConnected(
  deps: OwnershipDeps & SignedCallDeps & { readonly credentials: CredentialStore },
  own: Ownership,
): Promise<boolean> {
  const credential = await deps.credentials.find(own.attempt.consumerKey);
  if (!credential) return false;
  const askedAt = deps.now();
  const secrets = deps.credentials.open(credential);
  const { result } = await checkConnection(deps, { ...credential, ...secrets });
  if (result !== 'connected' && result !== 'connected_without_permission') return false;
  await changeOwn(deps, own, (current) => ({
    ...common(current),
    state: 'connected',
    connectedAt: credential.connectedAt,
    // Not that of a POST from now: Reauthorize may yet post the same verifier, and then it is worth something.
    candidateId: '',
    candidates: current.candidates.filter(({ receivedAt }) => receivedAt > askedAt),
  }));
  return true;
}
