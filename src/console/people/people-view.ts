import type { Account } from '../../accounts/account.js';
import { momentOf, type Moment } from '../../language/moment.js';
import type { Done } from '../console-session.js';
import type { FrameView } from '../frame-view.js';
import type { PageOf } from '../page-of.js';
import { personPath } from '../places.js';
import type { InvitationRow } from './invitation-view.js';

/** What stands of an account in a list. */
export interface PersonRow {
  readonly href: string;
  readonly name: string;
  readonly role: string;
  readonly isDisabled: boolean;
  readonly made: Moment;
  readonly stores: string;
  readonly hasSecondFactor: boolean;
}

/** What the page of the people places. */
export interface PeopleView extends PageOf<PersonRow> {
  readonly frame: FrameView;
  readonly notice: Done | undefined;
  readonly query: string;
  /** `3 accounts`, `2 of 3 accounts` */
  readonly count: string;
  readonly invitations: readonly InvitationRow[];
}

/** A row of an account, with how many stores it has connected. */
export function personRow(
  { name, role, disabled, createdAt }: Account,
  facts: { readonly stores: number; readonly hasSecondFactor: boolean; readonly now: Date },
): PersonRow {
  return {
    href: personPath(name),
    name,
    role: roleText(role),
    isDisabled: disabled,
    made: momentOf(createdAt, facts.now),
    stores: String(facts.stores),
    hasSecondFactor: facts.hasSecondFactor,
  };
}

/** `Merchant` */
function roleText(role: Account['role']): string {
  return role === 'operator' ? 'Operator' : 'Merchant';
}
