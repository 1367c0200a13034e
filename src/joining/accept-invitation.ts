import type { Account } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { AppError } from '../errors.js';
import type { Invitation } from '../invitations/invitation.js';
import type { InvitationStore } from '../invitations/invitation-store.js';
import type { Logger } from '../log.js';

export interface AcceptDeps {
  readonly accounts: Pick<AccountStore, 'find' | 'hashNew' | 'admitMerchant'>;
  readonly invitations: Pick<InvitationStore, 'findByLink' | 'accept' | 'endLinks'>;
  readonly log: Logger;
}

/** What a link leads to, and the account, where it is there already. */
export interface OpenInvitation {
  readonly invitation: Invitation;
  readonly account: Account | undefined;
}

/**
 * What a link leads to, without using it up. One whose account is by now an operator's, or disabled, leads nowhere; nor
 * does one that was made when there was no such account yet. It was to make one, and nobody was asked for a password to
 * give it away.
 *
 * @throws AppError `invitation_over`, whatever the reason
 */
export async function openInvitation(
  { accounts, invitations }: AcceptDeps,
  secret: string,
): Promise<OpenInvitation> {
  const invitation = await invitations.findByLink(secret);
  if (!invitation) throw over();
  const account = await accounts.find(invitation.account);
  if (account && (account.role !== 'merchant' || account.disabled)) throw over();
  if (account && invitation.link && account.createdAt > invitation.link.madeAt) throw over();
  return { invitation, account };
}

/**
 * Sets the password of an invited merchant, once: the account is made, or has all of its sign-ins ended. The password is
 * hashed first, so that a link is not used up while there is no room for that. All other links of theirs are over then.
 *
 * @throws AppError `invitation_over`, `sign_ins_busy`
 */
export async function acceptInvitation(
  deps: AcceptDeps,
  secret: string,
  password: string,
): Promise<Account> {
  const passwordHash = await deps.accounts.hashNew(password);
  const found = await deps.invitations.findByLink(secret);
  const invitation = await deps.invitations.accept(secret);
  if (!found?.link || !invitation) throw over();
  const { madeAt } = found.link;
  const outcome = await deps.accounts.admitMerchant(invitation.account, passwordHash, madeAt);
  const account = await deps.accounts.find(invitation.account);
  if (outcome === 'refused' || !account) throw over();
  await deps.invitations.endLinks(account.name);
  deps.log.info({
    event: 'invitation_accepted',
    account: account.name,
    store: invitation.storeHost,
    outcome,
  });
  return account;
}

function over(): AppError {
  return new AppError('invitation_over', 'the link of an invitation does not count');
}
