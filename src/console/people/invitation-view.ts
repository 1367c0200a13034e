import { addressesToPaste, type AddressesToPaste } from '../../http/addresses.js';
import { hasAddresses, isLinkOpen, type Invitation } from '../../invitations/invitation.js';
import type { FrameView } from '../frame-view.js';
import { momentOf, type Moment } from '../../language/moment.js';
import { invitationPath, personPath } from '../places.js';
import type { Problem } from '../../sign-in/sign-in-view.js';

/** How an invitation stands: a word, and what it means to whoever runs this. */
export interface InvitationState {
  /** `Waiting until 2026-12-05 12:00 UTC` */
  readonly word: string;
  readonly meaning: 'good' | 'caution' | 'unknown';
}

/** What stands of an invitation in a list. */
export interface InvitationRow {
  readonly href: string;
  readonly account: string;
  readonly store: string;
  readonly made: Moment;
  readonly state: InvitationState;
}

/** What an invitation's page places. */
export interface InvitationView extends InvitationRow {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  /** Empty as long as nobody has accepted it and made the account. */
  readonly accountHref: string;
  readonly createdBy: string;
  readonly addresses: AddressesToPaste;
  readonly haveAddresses: boolean;
  readonly asksForCode: boolean;
}

/** What the page with a link places, the one time that the link is seen. */
export interface LinkView {
  readonly frame: FrameView;
  readonly account: string;
  readonly store: string;
  readonly until: string;
  readonly link: string;
  /** Opens a message to the merchant with the link in it. */
  readonly mailHref: string;
  readonly invitationHref: string;
}

export function invitationRow(invitation: Invitation, now: Date): InvitationRow {
  return {
    href: invitationPath(invitation.token),
    account: invitation.account,
    store: storeText(invitation),
    made: momentOf(invitation.createdAt, now),
    state: stateOf(invitation, now),
  };
}

export function invitationView(facts: {
  readonly frame: FrameView;
  readonly problem: Problem | undefined;
  readonly invitation: Invitation;
  readonly hasAccount: boolean;
  readonly publicUrl: string;
  readonly asksForCode: boolean;
  readonly now: Date;
}): InvitationView {
  const { invitation, now } = facts;
  return {
    frame: facts.frame,
    problem: facts.problem,
    ...invitationRow(invitation, now),
    accountHref: facts.hasAccount ? personPath(invitation.account) : '',
    createdBy: invitation.createdBy,
    addresses: addressesToPaste(facts.publicUrl, invitation.token),
    haveAddresses: hasAddresses(invitation, now),
    asksForCode: facts.asksForCode,
  };
}

/** `brand` is what the message calls the app. */
export function linkView(facts: {
  readonly frame: FrameView;
  readonly invitation: Invitation;
  readonly secret: string;
  readonly publicUrl: string;
  readonly brand: string;
}): LinkView {
  const { invitation, brand } = facts;
  const { account } = invitation;
  const link = `${facts.publicUrl}/invitation/${facts.secret}`;
  const until = untilText(invitation);
  const subject = encodeURIComponent(`${brand}: connect your store`);
  const body = encodeURIComponent(
    `Set your password and see what to paste in Magento:\n\n${link}\n\nThe link works once, until ${until}.\n`,
  );
  return {
    frame: facts.frame,
    account,
    store: storeText(invitation),
    until,
    link,
    mailHref: `mailto:${account.includes('@') ? encodeURIComponent(account) : ''}?subject=${subject}&body=${body}`,
    invitationHref: invitationPath(invitation.token),
  };
}

function storeText({ storeHost }: Invitation): string {
  return storeHost ?? 'any store';
}

function untilText({ link }: Invitation): string {
  return link ? `${link.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '';
}

function stateOf(invitation: Invitation, now: Date): InvitationState {
  if (isLinkOpen(invitation, now)) {
    const what = invitation.acceptedAt ? 'New password until' : 'Waiting until';
    return { word: `${what} ${untilText(invitation)}`, meaning: 'caution' };
  }
  if (invitation.acceptedAt) return { word: 'Accepted', meaning: 'good' };
  return { word: 'Expired', meaning: 'unknown' };
}
