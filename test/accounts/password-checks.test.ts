import { createHook } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { accountStore } from '../../src/accounts/account-store.js';
import { familiarPlaces } from '../../src/accounts/familiar-places.js';
import { passwordChecks, wrongPasswordCounters } from '../../src/accounts/password-checks.js';
import { createLog } from '../../src/log.js';
import { rateLimiter } from '../../src/redis/rate-limiter.js';
import { fakeClock } from '../support/fake-clock.js';
import { startRedis } from '../support/start-redis.js';

const redis = (await startRedis()).client();
const password = 'correct horse battery';
const day = 24 * 3600;

/** The checks of one process, on records of their own or those of another; its waits are noted, not waited. */
function newChecks(prefix = `test-${randomBytes(6).toString('hex')}:`, clock = fakeClock()) {
  const accounts = accountStore(redis, prefix, clock.now);
  const waits: number[] = [];
  const lines: string[] = [];
  const wrong = wrongPasswordCounters((name, seconds) =>
    rateLimiter(redis, prefix, { name, seconds }),
  );
  const passwords = passwordChecks({
    accounts,
    familiar: familiarPlaces(redis, prefix, clock.now),
    wrong,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    log: createLog('info', { write: (line) => void lines.push(line) }),
  });
  const check = async (network: string, typed = password, username = 'mia') =>
    (await passwords.check({ username, password: typed, network }))?.name;
  /** The waits of one check. */
  const waitsOf = async (...typed: Parameters<typeof check>) => {
    waits.length = 0;
    await check(...typed);
    return [...waits];
  };
  return { prefix, accounts, wrong, waits, lines, clock, check, waitsOf };
}

async function withMia() {
  const checks = newChecks();
  await checks.accounts.add('mia', 'merchant', password);
  return checks;
}

describe('wrong passwords', () => {
  it('from one network make its next checks of that account wait, longer each time, up to three seconds', async () => {
    const { check, waits } = await withMia();

    for (let n = 0; n < 12; n += 1) await check('192.0.2.1', `guess ${n}`);

    expect(waits).toEqual([250, 500, 1_000, 2_000, 3_000, 3_000, 3_000]);
  });

  it('never have a right one refused', async () => {
    const { check, wrong } = await withMia();
    for (const network of ['192.0.2.1', '192.0.2.2']) {
      await wrong.here.add(`mia ${network}`, 100_000);
      await wrong.network.add(network, 100_000);
    }
    await wrong.account.add('mia', 100_000);

    expect(await check('192.0.2.1')).toBe('mia');
    expect(await check('192.0.2.2')).toBe('mia');
    expect(await check('192.0.2.3')).toBe('mia');
  });

  it('count alone: right ones make nobody wait', async () => {
    const { check, waits, wrong } = await withMia();

    for (let n = 0; n < 30; n += 1) await check('192.0.2.1');

    expect(waits).toEqual([]);
    expect((await wrong.account.add('mia', 0)).count).toBe(0);
    expect((await wrong.network.add('192.0.2.1', 0)).count).toBe(0);
    expect((await wrong.here.add('mia 192.0.2.1', 0)).count).toBe(0);
  });

  it('of one account from many networks make a network wait from which nobody has guessed yet', async () => {
    const { check, waitsOf } = await withMia();
    for (let n = 0; n < 24; n += 1) await check(`192.0.2.${n}`, 'guess');

    expect(await waitsOf('198.51.100.7', 'guess')).toEqual([3_000]);
    expect(await waitsOf('198.51.100.8')).toEqual([3_000]);
  });

  it('of many accounts from one network make that network wait', async () => {
    const { check, waitsOf } = await withMia();
    for (let n = 0; n < 34; n += 1) await check('192.0.2.1', 'guess', `person-${n}`);

    expect(await waitsOf('192.0.2.1', 'guess', 'one-more')).toEqual([3_000]);
    expect(await waitsOf('192.0.2.2', 'guess', 'one-more')).toEqual([]);
  });

  it('that come at once do not all pass as the first', async () => {
    const { check, waits } = await withMia();

    await Promise.all(Array.from({ length: 9 }, (_, n) => check('192.0.2.1', `guess ${n}`)));

    // Two are looked at at a time, so one may pass that would not have passed alone.
    expect(waits.length).toBeGreaterThanOrEqual(3);
  });

  it('are counted for all processes', async () => {
    const one = await withMia();
    const other = newChecks(one.prefix);
    for (let n = 0; n < 6; n += 1) await one.check('192.0.2.1', 'guess');

    expect(await other.waitsOf('192.0.2.1', 'guess')).toEqual([500]);
  });

  it('of a name that nobody has are treated as those of one that somebody has', async () => {
    const { check, waits, prefix } = await withMia();
    const seen: Record<string, unknown> = {};

    for (const name of ['mia', 'nobody']) {
      waits.length = 0;
      for (let n = 0; n < 12; n += 1) await check(`${name}'s network`, 'guess', name);
      const keys = await redis.keys(`${prefix}limit:*${name}*`);
      seen[name] = [[...waits], keys.map((key) => key.replaceAll(name, 'NAME')).sort()];
    }

    expect(seen['nobody']).toEqual(seen['mia']);
    expect(await redis.exists(`${prefix}account:nobody`, `${prefix}familiar:nobody`)).toBe(0);
  });

  it('are logged once they cost a wait: where from, and for whom if there is such an account', async () => {
    const { check, lines } = await withMia();
    for (let n = 0; n < 5; n += 1) await check('192.0.2.1', 'hush, a guess');
    for (let n = 0; n < 5; n += 1) await check('192.0.2.2', 'hush, a guess', 'typed-by-mistake');

    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ event: 'wrong_passwords', account: 'mia', network: '192.0.2.1' }),
      expect.objectContaining({ event: 'wrong_passwords', network: '192.0.2.2' }),
    ]);
    expect(lines.join()).not.toMatch(/hush|typed-by-mistake/);
  });
});

describe('a network from which the account has given its right password', () => {
  it('does not wait for what is guessed elsewhere, nor for other accounts', async () => {
    const { check, wrong, waitsOf } = await withMia();
    await check('192.0.2.1');
    await wrong.account.add('mia', 1_000);
    await wrong.network.add('192.0.2.1', 1_000);

    expect(await waitsOf('192.0.2.1')).toEqual([]);
    expect(await waitsOf('198.51.100.7')).toEqual([3_000]);
  });

  it('waits for its own wrong ones', async () => {
    const { check, waitsOf } = await withMia();
    await check('192.0.2.1');
    for (let n = 0; n < 6; n += 1) await check('192.0.2.1', 'guess');

    expect(await waitsOf('192.0.2.1', 'guess')).toEqual([500]);
  });

  it('is not that of another account', async () => {
    const { accounts, check, wrong, waitsOf } = await withMia();
    await accounts.add('max', 'merchant', password);
    await check('192.0.2.1', password, 'max');
    await wrong.account.add('mia', 1_000);

    expect(await waitsOf('192.0.2.1')).toEqual([3_000]);
  });

  it('has to prove itself anew after a new password: who knew the old one has no advantage', async () => {
    const { accounts, check, wrong, waitsOf } = await withMia();
    await check('192.0.2.1');
    await wrong.account.add('mia', 1_000);
    await accounts.changePassword('mia', 'another long password');

    expect(await waitsOf('192.0.2.1', 'guess')).toEqual([3_000]);
    expect(await waitsOf('192.0.2.1', 'another long password')).toEqual([3_000]);
    expect(await waitsOf('192.0.2.1', 'another long password')).toEqual([]);
  });

  it('is remembered for 30 days', async () => {
    const { check, clock, wrong, waitsOf } = await withMia();
    for (const network of ['192.0.2.1', '192.0.2.2']) await check(network);
    await wrong.account.add('mia', 1_000);

    clock.advance(30 * day - 1);
    const inTime = await waitsOf('192.0.2.1');
    clock.advance(1);
    const later = await waitsOf('192.0.2.2');

    expect([inTime, later]).toEqual([[], [3_000]]);
  });

  it('is one of 20, kept without its address', async () => {
    const { check, clock, prefix, waitsOf, wrong } = await withMia();
    for (let n = 0; n < 21; n += 1) {
      await check(`192.0.2.${n}`);
      clock.advance(1);
    }
    await wrong.account.add('mia', 1_000);

    const kept = await redis.zrange(`${prefix}familiar:mia`, '0', '-1');
    expect(kept).toHaveLength(20);
    expect(kept.join()).not.toContain('192.0.2');
    expect(await redis.ttl(`${prefix}familiar:mia`)).toBeGreaterThan(29 * day);
    expect(await waitsOf('192.0.2.0')).toEqual([3_000]);
    expect(await waitsOf('192.0.2.20')).toEqual([]);
  });
});

describe('checks that come at once', () => {
  it('of the right password do not wait for one another', async () => {
    const { check, waits } = await withMia();

    const found = await Promise.all(Array.from({ length: 50 }, () => check('192.0.2.1')));

    expect(new Set(found)).toEqual(new Set(['mia']));
    expect(waits).toEqual([]);
  });

  it('hash two passwords at a time', async () => {
    const { check } = await withMia();
    await check('warm-up');
    let underWay = 0;
    let most = 0;
    const hashes = new Set<number>();
    const hook = createHook({
      init: (id, type) => {
        // A task of the native argon2 library; it gives them no name of their own.
        if (type !== 'undefined') return;
        hashes.add(id);
        underWay += 1;
        most = Math.max(most, underWay);
      },
      before: (id) => {
        if (hashes.has(id)) underWay -= 1;
      },
    }).enable();

    const found = await Promise.all(Array.from({ length: 20 }, (_, n) => check(`192.0.2.${n}`)));

    hook.disable();
    expect(new Set(found)).toEqual(new Set(['mia']));
    expect([hashes.size, most, underWay]).toEqual([20, 2, 0]);
  });

  it('are fifty; one more is turned away, without being looked at or counted', async () => {
    const { check, wrong } = await withMia();

    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => check(`192.0.2.${n}`, 'guess', `person-${n}`)),
    );

    const refused = outcomes.flatMap((outcome, n) => (outcome.status === 'rejected' ? [n] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(10);
    for (const n of refused) {
      expect(outcomes[n]).toMatchObject({ reason: { code: 'sign_ins_busy' } });
      expect((await wrong.account.add(`person-${n}`, 0)).count).toBe(0);
    }
  });
});
