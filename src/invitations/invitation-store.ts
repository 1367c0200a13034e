import { hash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { accountName } from '../accounts/account.js';
import { replaceRecords } from '../credentials/replace-records.js';
import {
  hasAddresses,
  invitationRecord,
  invitationToken,
  isLinkOpen,
  linkSecret,
  type Invitation,
} from './invitation.js';

export type InvitationStore = ReturnType<typeof invitationStore>;

/** An invitation whose link can be sent now; the secret is nowhere else, and is never answered again. */
export interface SentInvitation {
  readonly invitation: Invitation;
  readonly secret: string;
}

/** What an operator says of an invitation. */
export interface NewInvitation {
  readonly account: string;
  /** As `storeHost` parsed it; absent: any store. */
  readonly storeHost?: string | undefined;
  readonly createdBy: string;
}

/** How long a link lives unless somebody says otherwise. */
export const linkSeconds = 7 * 24 * 3600;

/**
 * Keeps invitations in Redis: a record for each token, a pointer to it for each link by the hash of the link's secret,
 * and lists of tokens, of all and of each account. Names of accounts are compared as `accountName` reads them.
 */
export function invitationStore(redis: Redis, prefix: string, now: () => Date) {
  const replace = replaceRecords(redis);
  const all = `${prefix}invitations`;
  const listOf = (account: string) => `${prefix}invitations-of:${account}`;
  const keyOf = (token: string) => `${prefix}invitation:{${token}}`;
  const linkKeyOf = (linkHash: string) => `${prefix}invitation-link:${linkHash}`;

  async function read(token: string): Promise<Invitation | undefined> {
    if (!invitationToken.safeParse(token).success) return undefined;
    const text = await redis.get(keyOf(token));
    return text === null ? undefined : invitationRecord.parse(JSON.parse(text));
  }

  /** Newest first; an entry whose record is gone, not yet written or another account's is left out. */
  async function readList(list: string): Promise<Invitation[]> {
    const records = await Promise.all((await redis.zrange(list, '0', '-1', 'REV')).map(read));
    return records.filter((record) => record !== undefined);
  }

  /** A new link to this token. It leads nowhere until the record names it. */
  async function newLink(token: string, lifeSeconds: number) {
    const secret = randomBytes(32).toString('base64url');
    const madeAt = now();
    const link = {
      hash: hash('sha256', secret, 'base64url'),
      madeAt,
      expiresAt: new Date(madeAt.getTime() + lifeSeconds * 1000),
    };
    await redis.set(linkKeyOf(link.hash), token, 'EX', lifeSeconds);
    return { secret, link };
  }

  async function dropLink({ link }: Invitation): Promise<void> {
    // One that stays behind is named by no record, and Redis sweeps it.
    if (link) await redis.del(linkKeyOf(link.hash)).catch(() => 0);
  }

  /** Changes the record as it stands; `next` answers `undefined` to leave it. Answers both, before and after. */
  async function change(
    token: string,
    next: (current: Invitation) => Omit<Invitation, 'version'> | undefined,
  ): Promise<{ before: Invitation; after: Invitation } | undefined> {
    for (;;) {
      const before = await read(token);
      const changed = before && next(before);
      if (!changed) return undefined;
      const after = { ...changed, version: before.version + 1 };
      const { version } = before;
      if (await replace({ key: keyOf(token), expected: { version }, record: after })) {
        return { before, after };
      }
    }
  }

  async function findByLink(secret: string): Promise<Invitation | undefined> {
    if (!linkSecret.safeParse(secret).success) return undefined;
    const linkHash = hash('sha256', secret, 'base64url');
    const token = await redis.get(linkKeyOf(linkHash));
    const invitation = token === null ? undefined : await read(token);
    const counts = invitation?.link?.hash === linkHash && isLinkOpen(invitation, now());
    return counts ? invitation : undefined;
  }

  /** The invitations of an account whose addresses count, newest first. */
  async function ofAccount(account: string): Promise<Invitation[]> {
    const name = accountName.safeParse(account).data;
    const invitations = name === undefined ? [] : await readList(listOf(name));
    return invitations.filter(
      (invitation) => invitation.account === name && hasAddresses(invitation, now()),
    );
  }

  return {
    /** Invites a merchant. An account may have several invitations, for several stores. */
    async create(
      { account, storeHost, createdBy }: NewInvitation,
      lifeSeconds = linkSeconds,
    ): Promise<SentInvitation> {
      const token = randomBytes(16).toString('base64url');
      const name = accountName.parse(account);
      const createdAt = now();
      const [{ secret, link }] = await Promise.all([
        newLink(token, lifeSeconds),
        redis.zadd(all, createdAt.getTime(), token),
        redis.zadd(listOf(name), createdAt.getTime(), token),
      ]);
      const invitation = {
        version: 1,
        token,
        account: name,
        storeHost,
        createdBy,
        createdAt,
        link,
      };
      await replace({ key: keyOf(token), expected: { version: 0 }, record: invitation });
      return { invitation, secret };
    },

    /** The invitation with this token, as long as its addresses count. One command to Redis at the most. */
    async findByToken(token: string): Promise<Invitation | undefined> {
      const invitation = await read(token);
      return invitation && hasAddresses(invitation, now()) ? invitation : undefined;
    },

    /** The invitation that a link leads to, as long as the link counts. */
    findByLink,

    /** The invitation with this token, whatever it is worth. */
    find: read,

    /**
     * Uses a link up. Of all who try, whatever process they are in, one is answered the invitation, and the others
     * `undefined`, as for a link that does not count.
     */
    async accept(secret: string): Promise<Invitation | undefined> {
      const found = await findByLink(secret);
      const accepted =
        found &&
        (await change(found.token, (current) =>
          current.link?.hash === found.link?.hash && isLinkOpen(current, now())
            ? { ...current, link: undefined, acceptedAt: now() }
            : undefined,
        ));
      if (!accepted) return undefined;
      await dropLink(accepted.before);
      return accepted.after;
    },

    /**
     * Gives an invitation another link, in the place of any before, whether it was accepted or not: a merchant who has
     * forgotten the password sets another with it. Answers `undefined` when there is no such invitation.
     */
    async renewLink(token: string, lifeSeconds = linkSeconds): Promise<SentInvitation | undefined> {
      if (!(await read(token))) return undefined;
      const { secret, link } = await newLink(token, lifeSeconds);
      const renewed = await change(token, (current) => ({ ...current, link }));
      if (!renewed) return undefined;
      await dropLink(renewed.before);
      return { invitation: renewed.after, secret };
    },

    /** Takes the addresses and the link back, for good. The account stays. Answers whether there was one. */
    async revoke(token: string): Promise<boolean> {
      for (;;) {
        const current = await read(token);
        if (!current) return false;
        const { version, account } = current;
        if (!(await replace({ key: keyOf(token), expected: { version } }))) continue;
        await Promise.all([
          dropLink(current),
          redis.zrem(all, token),
          redis.zrem(listOf(account), token),
        ]);
        return true;
      }
    },

    /** Every invitation that was not revoked, newest first; `hasAddresses` and `isLinkOpen` tell what each is worth. */
    list: (): Promise<Invitation[]> => readList(all),

    ofAccount,

    /** Ends every link of an account, whose owner has set a password. Addresses that count do so for good from then on. */
    async endLinks(account: string): Promise<void> {
      for (const { token } of await ofAccount(account)) {
        const ended = await change(token, (current) =>
          isLinkOpen(current, now())
            ? { ...current, link: undefined, acceptedAt: current.acceptedAt ?? now() }
            : undefined,
        );
        if (ended) await dropLink(ended.before);
      }
    },
  };
}
