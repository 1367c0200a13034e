import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hasAddresses, isLinkOpen } from '../../src/invitations/invitation.js';
import { invitationStore } from '../../src/invitations/invitation-store.js';
import { fakeClock } from '../support/fake-clock.js';
import { startRedis } from '../support/start-redis.js';

const server = await startRedis();
const redis = server.client();
const week = 7 * 24 * 3600;
const mia = { account: 'mia@merchant.example', createdBy: 'olga' };

function newInvitations() {
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  const clock = fakeClock();
  const invitations = invitationStore(redis, prefix, clock.now);
  const everything = async () => {
    const keys = await redis.keys(`${prefix}*`);
    const texts = keys.filter((key) => /invitation(-link)?:/.test(key));
    return [...keys, ...(await Promise.all(texts.map((key) => redis.get(key))))].join('\n');
  };
  return { prefix, clock, invitations, everything };
}

describe('create', () => {
  it('answers a token of 128 bits and the secret of a link of 256, which is nowhere in Redis', async () => {
    const { invitations, everything } = newInvitations();

    const { invitation, secret } = await invitations.create(mia);

    expect(invitation.token).toMatch(/^[\w-]{22}$/);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(await everything()).toContain(invitation.token);
    expect(await everything()).not.toContain(secret);
  });

  it('keeps what was said, the name as accounts have it', async () => {
    const { invitations, clock } = newInvitations();
    const said = { ...mia, account: ' Mia@Merchant.Example ', storeHost: 'shop.example' };

    const { invitation } = await invitations.create(said, 3600);

    expect(await invitations.findByToken(invitation.token)).toMatchObject({
      account: 'mia@merchant.example',
      storeHost: 'shop.example',
      createdBy: 'olga',
      createdAt: clock.now(),
      link: { expiresAt: new Date(clock.now().getTime() + 3_600_000) },
    });
  });

  it('refuses a name that no account can have', async () => {
    const { invitations } = newInvitations();

    await expect(invitations.create({ ...mia, account: '<mia>' })).rejects.toThrow();

    expect(await invitations.list()).toEqual([]);
  });
});

describe('an invitation that nobody has accepted', () => {
  it('counts for a week, the link and the addresses', async () => {
    const { invitations, clock } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);

    clock.advance(week - 1);
    expect(await invitations.findByLink(secret)).toEqual(invitation);
    expect(await invitations.findByToken(invitation.token)).toEqual(invitation);

    clock.advance(1);
    expect(await invitations.findByLink(secret)).toBeUndefined();
    expect(await invitations.accept(secret)).toBeUndefined();
    expect(await invitations.findByToken(invitation.token)).toBeUndefined();
    expect(await invitations.ofAccount(mia.account)).toEqual([]);
  });

  it('stays on the list when its time is over, and counts again with another link', async () => {
    const { invitations, clock } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);
    clock.advance(week);

    const [listed] = await invitations.list();
    expect(hasAddresses(listed!, clock.now())).toBe(false);
    expect(isLinkOpen(listed!, clock.now())).toBe(false);

    const renewed = await invitations.renewLink(invitation.token, 3600);
    expect(renewed?.secret).not.toBe(secret);
    expect(await invitations.findByToken(invitation.token)).toEqual(renewed?.invitation);
    expect(await invitations.findByLink(renewed!.secret)).toEqual(renewed?.invitation);
    expect(await invitations.findByLink(secret)).toBeUndefined();
  });
});

describe('accept', () => {
  it('uses the link up; the addresses count for years', async () => {
    const { invitations, clock, everything } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);
    clock.advance(60);

    const accepted = await invitations.accept(secret);

    expect(accepted).toMatchObject({ account: mia.account, acceptedAt: clock.now() });
    expect(await invitations.accept(secret)).toBeUndefined();
    expect(await invitations.findByLink(secret)).toBeUndefined();
    expect(await everything()).not.toContain('invitation-link:');
    clock.advance(5 * 365 * 24 * 3600);
    expect(await invitations.findByToken(invitation.token)).toEqual(accepted);
  });

  it('lets one of twenty at the same time win, in two processes', async () => {
    const { invitations, prefix, clock } = newInvitations();
    const elsewhere = invitationStore(server.client(), prefix, clock.now);
    const { secret } = await invitations.create(mia);

    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 ? invitations : elsewhere).accept(secret)),
    );

    expect(outcomes.filter((accepted) => accepted !== undefined)).toHaveLength(1);
  });

  it('takes a later link of the same invitation, for a password that was forgotten', async () => {
    const { invitations } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);
    await invitations.accept(secret);

    const renewed = await invitations.renewLink(invitation.token);

    expect(await invitations.accept(secret)).toBeUndefined();
    expect(await invitations.accept(renewed!.secret)).toMatchObject({ token: invitation.token });
  });

  it('leaves the addresses of an accepted invitation alone when its later link runs out', async () => {
    const { invitations, clock } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);
    await invitations.accept(secret);
    const renewed = await invitations.renewLink(invitation.token);

    clock.advance(week);

    expect(await invitations.findByLink(renewed!.secret)).toBeUndefined();
    expect(await invitations.findByToken(invitation.token)).toBeDefined();
  });

  for (const secret of ['', 'x', '../x', 'x'.repeat(43), 'x'.repeat(10_000)]) {
    it(`knows no link with the secret ${JSON.stringify(secret.slice(0, 10))}`, async () => {
      const { invitations } = newInvitations();
      await invitations.create(mia);

      expect(await invitations.accept(secret)).toBeUndefined();
      expect(await invitations.findByLink(secret)).toBeUndefined();
    });
  }
});

describe('renewLink', () => {
  it('ends the link before it, whichever of two at the same time is the later', async () => {
    const { invitations, everything } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);

    const renewed = await Promise.all([
      invitations.renewLink(invitation.token),
      invitations.renewLink(invitation.token),
    ]);

    const secrets = [secret, ...renewed.map((sent) => sent!.secret)];
    const found = await Promise.all(secrets.map((each) => invitations.findByLink(each)));
    expect(found.filter(Boolean)).toHaveLength(1);
    expect((await everything()).match(/invitation-link:/g)).toHaveLength(1);
  });

  it('ends the link before it, though its pointer should stay behind', async () => {
    const { invitations, prefix } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);
    await invitations.renewLink(invitation.token);
    await redis.set(`${prefix}invitation-link:${invitation.link!.hash}`, invitation.token);

    expect(await invitations.findByLink(secret)).toBeUndefined();
    expect(await invitations.accept(secret)).toBeUndefined();
  });

  it('makes none of a token that nobody has', async () => {
    const { invitations, everything } = newInvitations();

    expect(await invitations.renewLink('x'.repeat(22))).toBeUndefined();

    expect(await everything()).toBe('');
  });
});

describe('revoke', () => {
  it('ends link and addresses, accepted or not, and leaves nothing behind', async () => {
    const { invitations, everything } = newInvitations();
    const open = await invitations.create(mia);
    const accepted = await invitations.create(mia);
    await invitations.accept(accepted.secret);

    for (const { invitation, secret } of [open, accepted]) {
      expect(await invitations.revoke(invitation.token)).toBe(true);
      expect(await invitations.revoke(invitation.token)).toBe(false);
      expect(await invitations.findByToken(invitation.token)).toBeUndefined();
      expect(await invitations.accept(secret)).toBeUndefined();
      expect(await invitations.renewLink(invitation.token)).toBeUndefined();
    }

    expect(await invitations.list()).toEqual([]);
    expect(await everything()).toBe('');
  });

  it('and accept at the same time end in a revoked invitation', async () => {
    const { invitations } = newInvitations();
    const { invitation, secret } = await invitations.create(mia);

    const [, revoked] = await Promise.all([
      invitations.accept(secret),
      invitations.revoke(invitation.token),
    ]);

    expect(revoked).toBe(true);
    expect(await invitations.findByToken(invitation.token)).toBeUndefined();
  });
});

describe('list and ofAccount', () => {
  it('are newest first and leave out entries without a record', async () => {
    const { invitations, clock, prefix } = newInvitations();
    const first = await invitations.create(mia);
    clock.advance(1);
    const other = await invitations.create({ ...mia, account: 'max' });
    clock.advance(1);
    const last = await invitations.create(mia);
    await redis.zadd(`${prefix}invitations`, 1, 'x'.repeat(22));
    await redis.zadd(`${prefix}invitations-of:max`, 1, 'x'.repeat(22), 1, last.invitation.token);

    expect(await invitations.list()).toEqual(
      [last, other, first].map(({ invitation }) => invitation),
    );
    expect(await invitations.ofAccount('MIA@merchant.example')).toEqual(
      [last, first].map(({ invitation }) => invitation),
    );
    expect(await invitations.ofAccount('max')).toEqual([other.invitation]);
    expect(await invitations.ofAccount('nobody')).toEqual([]);
    expect(await invitations.ofAccount('<mia>')).toEqual([]);
  });
});

describe('findByToken', () => {
  for (const token of ['', '*', 'x'.repeat(21), 'x'.repeat(22), 'x'.repeat(23), '../../etc']) {
    it(`knows no invitation ${JSON.stringify(token)}`, async () => {
      const { invitations } = newInvitations();
      await invitations.create(mia);

      expect(await invitations.findByToken(token)).toBeUndefined();
    });
  }
});
