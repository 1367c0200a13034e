import type { Credential } from '../credentials/credential.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import { checkConnection, type ConnectionCheck } from '../magento/check-connection.js';
import type { SignedCallDeps } from '../magento/signed-call.js';

export interface CheckDeps extends SignedCallDeps {
  readonly credentials: Pick<CredentialStore, 'open' | 'recordCheck'>;
}

/**
 * Makes one signed call with a store's credential and notes what it showed.
 *
 * @throws AppError `sealed_unreadable`
 */
export async function checkStore(
  deps: CheckDeps,
  credential: Credential,
): Promise<ConnectionCheck['result']> {
  const secrets = deps.credentials.open(credential);
  const check = await checkConnection(deps, { ...credential, ...secrets });
  await deps.credentials.recordCheck(credential, { at: deps.now(), ...check });
  return check.result;
}
