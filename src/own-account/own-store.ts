import type { Request, Response } from 'express';
import type { Credential } from '../credentials/credential.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import { accountOf } from '../sign-in/require-account.js';
import { supportCode } from '../timeline/support-code.js';
import { showNotFound } from './not-found.js';

export interface OwnStoreDeps {
  readonly credentials: Pick<CredentialStore, 'listOf'>;
  readonly randomToken: () => string;
}

/**
 * The one of the account's own stores whose support code the address has. Only they are looked through, so that another
 * account's store is answered as one that nobody knows. Where there is none, the answer is given here.
 */
export async function ownStore(
  deps: OwnStoreDeps,
  req: Request,
  res: Response,
): Promise<Credential | undefined> {
  const own = await deps.credentials.listOf(accountOf(res).name);
  const wanted = req.params['code'];
  const credential = own.find(({ consumerKey }) => supportCode(consumerKey) === wanted);
  if (!credential) showNotFound(deps, req, res, 'store');
  return credential;
}

/** What stands at the beginning of a store's addresses; a consumer key is for Magento and us alone. */
export function storePath(supportCode: string): string {
  return `/account/stores/${supportCode}`;
}
