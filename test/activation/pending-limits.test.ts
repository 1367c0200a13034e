import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { pendingLimits } from '../../src/activation/pending-limits.js';
import { fakeClock } from '../support/fake-clock.js';
import { startRedis } from '../support/start-redis.js';

const redis = (await startRedis()).client();
const day = 24 * 3600;

/** Limits of their own, and a different address for each POST unless one is named. */
function limitsOf(max: number) {
  const clock = fakeClock();
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  const limits = pendingLimits(redis, prefix, { max, now: clock.now });
  let callers = 0;
  const admit = (key: string, from = `198.51.${callers >> 8}.${callers++ & 255}`) =>
    limits.admit(key, from);
  const addressKey = (address: string) => `${prefix}pending:{limits}:${address}`;
  return { limits, admit, clock, everyone: `${prefix}pending:{limits}`, addressKey };
}

describe('the number of activations that wait', () => {
  it('is bounded: who comes last is refused, and nothing is changed', async () => {
    const { admit, limits, everyone, addressKey } = limitsOf(3);
    for (const key of ['a', 'b', 'c']) expect(await admit(key)).toBe('new');

    expect(await admit('d', '203.0.113.9')).toBe('full');

    expect(await redis.zrange(everyone, '0', '-1')).toEqual(['a', 'b', 'c']);
    expect(await redis.exists(addressKey('203.0.113.9'))).toBe(0);
    expect(await limits.wasAnnounced('d')).toBe(false);
  });

  it('is never a reason to refuse a key that waits, and its clock starts anew', async () => {
    const { admit, clock } = limitsOf(2);
    await admit('a');
    await admit('b');
    clock.advance(800);

    expect(await admit('a')).toBe('kept');

    clock.advance(800);
    expect(await admit('c')).toBe('new');
    expect(await admit('d')).toBe('full');
  });

  it('falls when the time of the first is over', async () => {
    const { admit, clock } = limitsOf(1);
    await admit('a');
    clock.advance(899);
    expect(await admit('b')).toBe('full');

    clock.advance(1);

    expect(await admit('b')).toBe('new');
  });

  it('falls when a place is given back', async () => {
    const { admit, limits } = limitsOf(1);
    await admit('a', '203.0.113.1');

    await limits.release('a', ['203.0.113.1']);

    expect(await admit('b', '203.0.113.1')).toBe('new');
  });

  it('holds for many that come at once', async () => {
    const { admit } = limitsOf(50);

    const admissions = await Promise.all(Array.from({ length: 200 }, (_, n) => admit(`key${n}`)));

    expect(admissions.filter((admission) => admission === 'new')).toHaveLength(50);
  });
});

describe('the number of activations that wait for one address', () => {
  it('is a tenth of all, and others are not concerned', async () => {
    const { admit } = limitsOf(20);
    expect(await admit('a', '203.0.113.1')).toBe('new');
    expect(await admit('b', '203.0.113.1')).toBe('new');

    expect(await admit('c', '203.0.113.1')).toBe('address-full');
    expect(await admit('a', '203.0.113.1')).toBe('kept');
    expect(await admit('c', '203.0.113.2')).toBe('new');
  });

  it('is one at least', async () => {
    const { admit } = limitsOf(5);

    expect(await admit('a', '203.0.113.1')).toBe('new');
    expect(await admit('b', '203.0.113.1')).toBe('address-full');
  });

  const same: readonly (readonly [one: string, other: string, isSame: boolean])[] = [
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['203.0.113.1', '::ffff:203.0.113.1', true],
    ['203.0.113.1', '203.0.113.2', false],
    ['no address', 'nor this', true],
  ];
  for (const [one, other, isSame] of same) {
    it(`counts ${one} and ${other} ${isSame ? 'as one' : 'apart'}`, async () => {
      const { admit } = limitsOf(5);
      await admit('a', one);

      expect(await admit('b', other)).toBe(isSame ? 'address-full' : 'new');
    });
  }

  it('falls as their time is over, and leaves nothing behind', async () => {
    const { admit, clock, addressKey } = limitsOf(5);
    await admit('a', '203.0.113.1');
    clock.advance(900);

    expect(await admit('b', '203.0.113.1')).toBe('new');

    expect(await redis.zrange(addressKey('203.0.113.1'), '0', '-1')).toEqual(['b']);
    const lifeMs = await redis.pttl(addressKey('203.0.113.1'));
    expect(lifeMs).toBeGreaterThan(0);
    expect(lifeMs).toBeLessThanOrEqual(900_000);
  });
});

describe('the memory of what was announced', () => {
  it('lasts for a day after the waiting is over', async () => {
    const { admit, limits, clock } = limitsOf(5);
    await admit('a');
    expect(await limits.wasAnnounced('a')).toBe(true);
    clock.advance(900 + day - 1);
    expect(await limits.wasAnnounced('a')).toBe(true);

    clock.advance(1);

    expect(await limits.wasAnnounced('a')).toBe(false);
    expect(await limits.wasAnnounced('never')).toBe(false);
  });

  it('is trimmed by age', async () => {
    const { admit, clock, everyone } = limitsOf(5);
    await admit('a');
    clock.advance(900 + day);

    await admit('b');

    expect(await redis.zrange(everyone, '0', '-1')).toEqual(['b']);
  });

  it('never holds more than twice what may wait, the latest of them', async () => {
    const { admit, clock, everyone } = limitsOf(5);
    for (let n = 0; n < 30; n += 1) {
      await admit(`key${n}`);
      clock.advance(300);
    }

    const remembered = await redis.zrange(everyone, '0', '-1');

    expect(remembered).toEqual(Array.from({ length: 10 }, (_, n) => `key${n + 20}`));
  });

  it('never loses one that waits, though fewer may wait than before', async () => {
    const before = limitsOf(9);
    for (let n = 0; n < 9; n += 1) await before.admit(`key${n}`);
    const prefix = before.everyone.replace('pending:{limits}', '');
    const after = pendingLimits(redis, prefix, { max: 2, now: before.clock.now });

    expect(await after.admit('key0', '203.0.113.1')).toBe('kept');

    expect(await redis.zcard(before.everyone)).toBe(9);
  });
});
