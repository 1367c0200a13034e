import { addressesToPaste, type AddressesToPaste } from '../http/addresses.js';
import type { Invitation } from '../invitations/invitation.js';
import type { Speech } from '../language/speech.js';
import { problemView, type ProblemView } from './joining-form.js';

/** What the page of an invitation's link places. */
export interface InvitationView {
  readonly csrfToken: string;
  /** Of this very page: the form is sent to where it came from. */
  readonly action: string;
  readonly account: string;
  /** Whether the account is there, and gets another password. */
  readonly isKnown: boolean;
  /** The one store that may use the addresses; empty: any. */
  readonly storeHost: string;
  readonly until: string;
  readonly addresses: AddressesToPaste;
  /** Why the last form was not done. */
  readonly problem: ProblemView | undefined;
}

export function invitationView(facts: {
  readonly invitation: Invitation;
  readonly secret: string;
  readonly isKnown: boolean;
  readonly csrfToken: string;
  readonly problem: 'tooShort' | 'tooLong' | undefined;
  readonly publicUrl: string;
  readonly speech: Speech;
}): InvitationView {
  const { invitation, problem, speech } = facts;
  return {
    csrfToken: facts.csrfToken,
    action: `/invitation/${facts.secret}`,
    account: invitation.account,
    isKnown: facts.isKnown,
    storeHost: invitation.storeHost ?? '',
    until: invitation.link ? momentIn(speech, invitation.link.expiresAt) : '',
    addresses: addressesToPaste(facts.publicUrl, invitation.token),
    problem: problem && problemView(speech.t, problem),
  };
}

/** `December 5, 2026 at 12:00 PM UTC`, as the language says it. */
function momentIn({ lang }: Speech, date: Date): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat(lang, format).format(date)} UTC`;
}
