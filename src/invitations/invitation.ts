import { z } from 'zod';
import { storeHost } from './store-host.js';

const date = z.iso.datetime().transform((text) => new Date(text));

/** What an invitation's token looks like: 128 random bits. */
export const invitationToken = z.string().regex(/^[\w-]{22}$/);

/** What the secret of an invitation's link looks like: 256 random bits. */
export const linkSecret = z.string().regex(/^[\w-]{43}$/);

/** One merchant's invitation as it is kept: a pair of addresses that are that account's own. */
export const invitationRecord = z.object({
  version: z.int().min(1),
  /** Part of both addresses. */
  token: invitationToken,
  /** The name that the merchant signs in with, whether there is such an account yet or not. */
  account: z.string(),
  /** The one store that the addresses are for; absent: any. */
  storeHost: storeHost.optional(),
  /** Name of the operator. */
  createdBy: z.string(),
  createdAt: date,
  /** The link by which the merchant sets a password; absent once it is used up. Its secret is kept as a hash alone. */
  link: z.object({ hash: z.string(), madeAt: date, expiresAt: date }).optional(),
  /** When a link of this invitation was used for the last time. */
  acceptedAt: date.optional(),
});

export type Invitation = z.infer<typeof invitationRecord>;

/** Whether the link of an invitation can still be used. */
export function isLinkOpen({ link }: Invitation, now: Date): boolean {
  return link !== undefined && link.expiresAt > now;
}

/** Whether the two addresses of an invitation count: once it was accepted for good, before as long as its link. */
export function hasAddresses(invitation: Invitation, now: Date): boolean {
  return invitation.acceptedAt !== undefined || isLinkOpen(invitation, now);
}
