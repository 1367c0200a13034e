import type { Account } from '../../accounts/account.js';
import type { Credential } from '../../credentials/credential.js';
import type { Invitation } from '../../invitations/invitation.js';
import type { Problem } from '../../sign-in/sign-in-view.js';
import type { Done } from '../console-session.js';
import type { FrameView } from '../frame-view.js';
import { storePath } from '../places.js';
import { invitationRow, type InvitationRow } from './invitation-view.js';
import { personRow, type PersonRow } from './people-view.js';

/** What an account's page places. */
export interface PersonView extends PersonRow {
  readonly frame: FrameView;
  readonly notice: Done | undefined;
  readonly problem: Problem | undefined;
  readonly connectedStores: readonly { readonly href: string; readonly host: string }[];
  readonly invitations: readonly InvitationRow[];
  /** Whether it is the operator's own, which nobody disables themselves. */
  readonly isOwn: boolean;
  readonly canHaveLink: boolean;
  readonly inviteHref: string;
  readonly asksForCode: boolean;
}

export function personView(facts: {
  readonly frame: FrameView;
  readonly notice: Done | undefined;
  readonly problem: Problem | undefined;
  readonly account: Account;
  readonly credentials: readonly Credential[];
  readonly invitations: readonly Invitation[];
  readonly hasSecondFactor: boolean;
  readonly asksForCode: boolean;
  readonly now: Date;
}): PersonView {
  const { frame, account, now } = facts;
  const stores = facts.credentials.filter((credential) => credential.account === account.name);
  return {
    ...personRow(account, {
      stores: stores.length,
      hasSecondFactor: facts.hasSecondFactor,
      now,
    }),
    frame,
    notice: facts.notice,
    problem: facts.problem,
    connectedStores: stores.map(({ consumerKey, storeBaseUrl }) => ({
      href: storePath(consumerKey),
      host: new URL(storeBaseUrl).host,
    })),
    invitations: facts.invitations.map((invitation) => invitationRow(invitation, now)),
    isOwn: frame.operator === account.name,
    canHaveLink: account.role === 'merchant' && !account.disabled,
    inviteHref: `/console/people/invite?${new URLSearchParams({ name: account.name })}`,
    asksForCode: facts.asksForCode,
  };
}
