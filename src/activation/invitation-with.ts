import { AppError } from '../errors.js';
import type { Invitation } from '../invitations/invitation.js';
import type { InvitationStore } from '../invitations/invitation-store.js';

/** The invitation whose own addresses hold this token. @throws AppError `address_unknown` where they do not count */
export async function invitationWith(
  { invitations }: { readonly invitations: Pick<InvitationStore, 'findByToken'> },
  token: string,
): Promise<Invitation> {
  const invitation = await invitations.findByToken(token);
  if (!invitation) throw new AppError('address_unknown', 'no invitation has these addresses');
  return invitation;
}
