import type { Request, Response } from 'express';
import type { Credential } from '../credentials/credential.js';
import type { CredentialStore } from '../credentials/credential-store.js';
import { accountOf } from '../sign-in/require-account.js';
import { showNotFound } from './not-found.js';

export interface OwnStoreDeps {
  readonly credentials: Pick<CredentialStore, 'find'>;
  readonly randomToken: () => string;
}

/**
 * The account's own store whose consumer key the address names. Where there is none the answer is given here: the same
 * for another account's store as for one that nobody knows.
 */
export async function ownStore(
  deps: OwnStoreDeps,
  req: Request,
  res: Response,
): Promise<Credential | undefined> {
  const credential = await deps.credentials.find(String(req.params['consumerKey']));
  if (credential?.account === accountOf(res).name) return credential;
  showNotFound(deps, req, res, 'store');
  return undefined;
}

/** What stands at the beginning of a store's addresses. */
export function storePath(consumerKey: string): string {
  return `/account/stores/${encodeURIComponent(consumerKey)}`;
}
