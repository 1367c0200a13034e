import { createHook } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { describe, expect, it } from '@jest/globals';
import { accountStore } from '../../src/accounts/account-store.js';
import { accountName, isStill, newPassword } from '../../src/accounts/account.js';
import { startRedis } from '../support/start-redis.js';

const redis = (await startRedis()).client();
const now = () => new Date('2026-11-23T12:00:00Z');
const password = 'correct horse battery';

function newAccounts() {
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  return {
    prefix,
    keyOf: (name: string) => `${prefix}account:${name}`,
    accounts: accountStore(redis, prefix, now),
  };
}

describe('add', () => {
  it('keeps the person and the password as argon2id at the cost OWASP asks for', async () => {
    const { accounts, prefix } = newAccounts();

    expect(await accounts.add('mia', 'merchant', password)).toBe(true);

    const record = await redis.hgetall(`${prefix}account:mia`);
    expect(record['passwordHash']).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(record)).not.toContain(password);
    expect(await accounts.find('mia')).toEqual({
      name: 'mia',
      role: 'merchant',
      disabled: false,
      createdAt: now(),
      era: '',
    });
  });

  it('salts: two people with one password have two hashes', async () => {
    const { accounts, prefix } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    await accounts.add('max', 'merchant', password);

    const hashes = await Promise.all(
      ['mia', 'max'].map((name) => redis.hget(`${prefix}account:${name}`, 'passwordHash')),
    );

    expect(new Set(hashes).size).toBe(2);
  });

  it('leaves an account that exists as it is', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);

    expect(await accounts.add('mia', 'operator', 'another long password')).toBe(false);

    expect(await accounts.signIn('mia', password)).toMatchObject({ role: 'merchant' });
    expect(await accounts.signIn('mia', 'another long password')).toBeUndefined();
  });

  it('lets one of two at the same time win', async () => {
    const { accounts } = newAccounts();

    const outcomes = await Promise.all([
      accounts.add('mia', 'merchant', password),
      accounts.add('mia', 'operator', 'another long password'),
    ]);

    expect(outcomes.sort()).toEqual([false, true]);
    expect(await accounts.list()).toHaveLength(1);
  });
});

describe('list', () => {
  it('is sorted by name, holds no hash and no name without an account', async () => {
    const { accounts, prefix } = newAccounts();
    await accounts.add('zoe', 'merchant', password);
    await accounts.add('adam', 'operator', password);
    await redis.zadd(`${prefix}accounts`, 0, 'nobody');

    const list = await accounts.list();

    expect(list.map(({ name }) => name)).toEqual(['adam', 'zoe']);
    expect(JSON.stringify(list)).not.toContain('argon2');
  });
});

describe('names', () => {
  it('are sorted, whoever they belong to', async () => {
    const { accounts } = newAccounts();
    for (const name of ['max', 'ada']) await accounts.add(name, 'merchant', password);

    expect(await accounts.names()).toEqual(['ada', 'max']);
  });
});

describe('new passwords', () => {
  it('are hashed one after another, and refused when too many wait', async () => {
    const { accounts } = newAccounts();

    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => accounts.add(`a${n}`, 'merchant', password)),
    );

    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(9);
    expect(refused[0]).toMatchObject({ reason: { code: 'sign_ins_busy' } });
    expect(await accounts.names()).toHaveLength(51);
    expect(await accounts.changePassword('a0', 'another password')).toBe(true);
  });
});

describe('admitMerchant', () => {
  it('makes the account of a merchant, whom the password lets in', async () => {
    const { accounts, keyOf } = newAccounts();

    expect(await accounts.admitMerchant('mia', await accounts.hashNew(password))).toBe('made');

    expect(await accounts.signIn('mia', password)).toMatchObject({ name: 'mia', role: 'merchant' });
    expect(await accounts.names()).toEqual(['mia']);
    expect(await redis.hget(keyOf('mia'), 'createdAt')).toBe(now().toISOString());
  });

  it('changes the password of a merchant, and ends the sign-ins', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', 'the one before');

    expect(await accounts.admitMerchant('mia', await accounts.hashNew(password))).toBe('changed');

    expect(await accounts.signIn('mia', 'the one before')).toBeUndefined();
    expect((await accounts.signIn('mia', password))?.era).not.toBe('');
  });

  it('leaves operators and disabled accounts as they are', async () => {
    const { accounts } = newAccounts();
    await accounts.add('olga', 'operator', 'an older password');
    await accounts.add('mia', 'merchant', 'an older password');
    await accounts.disable('mia');
    const before = await accounts.list();

    for (const name of ['olga', 'mia']) {
      expect(await accounts.admitMerchant(name, await accounts.hashNew(password))).toBe('refused');
    }

    expect(await accounts.list()).toEqual(before);
    expect(await accounts.signIn('olga', 'an older password')).toBeDefined();
  });

  it('makes one account of two at the same time', async () => {
    const { accounts } = newAccounts();
    const hashed = await accounts.hashNew(password);

    const outcomes = await Promise.all([1, 2].map(() => accounts.admitMerchant('mia', hashed)));

    expect(outcomes.sort()).toEqual(['changed', 'made']);
  });
});

describe('disableUnlessLast', () => {
  it('disables, and ends the sign-ins', async () => {
    const { accounts } = newAccounts();
    await accounts.add('olga', 'operator', password);
    await accounts.add('otto', 'operator', password);
    await accounts.add('mia', 'merchant', password);

    expect(await accounts.disableUnlessLast('olga')).toBe('done');
    expect(await accounts.disableUnlessLast('mia')).toBe('done');

    for (const name of ['olga', 'mia']) {
      expect(await accounts.find(name)).toMatchObject({ disabled: true });
      expect((await accounts.find(name))?.era).not.toBe('');
    }
  });

  it('leaves the last operator who is not disabled, and knows who is not there', async () => {
    const { accounts } = newAccounts();
    await accounts.add('olga', 'operator', password);
    await accounts.add('otto', 'operator', password);
    await accounts.add('mia', 'merchant', password);
    await accounts.disable('otto');

    expect(await accounts.disableUnlessLast('olga')).toBe('last');
    expect(await accounts.disableUnlessLast('otto')).toBe('done');
    expect(await accounts.disableUnlessLast('nobody')).toBe('missing');

    expect(await accounts.find('olga')).toMatchObject({ disabled: false, era: '' });
    expect(await accounts.find('nobody')).toBeUndefined();
  });

  it('leaves one of two operators who disable each other at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { accounts } = newAccounts();
      await accounts.add('olga', 'operator', password);
      await accounts.add('otto', 'operator', password);

      const outcomes = await Promise.all(['olga', 'otto'].map(accounts.disableUnlessLast));

      expect(outcomes.sort()).toEqual(['done', 'last']);
      expect((await accounts.list()).filter(({ disabled }) => !disabled)).toHaveLength(1);
    }
  });
});

describe('signIn', () => {
  it('takes the name in capitals and with spaces around it', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia@merchant.example', 'merchant', password);

    const account = await accounts.signIn(' Mia@Merchant.Example ', password);

    expect(account).toMatchObject({ name: 'mia@merchant.example' });
    expect(account).not.toHaveProperty('passwordHash');
  });

  const wrong = ['', 'Correct horse battery', `${password} `, `${password}\0`, 'x'.repeat(5_000)];
  for (const typed of wrong) {
    it(`refuses the password ${JSON.stringify(typed.slice(0, 30))}`, async () => {
      const { accounts } = newAccounts();
      await accounts.add('mia', 'merchant', password);

      expect(await accounts.signIn('mia', typed)).toBeUndefined();
    });
  }

  it('refuses a disabled account, and takes it again once it is enabled', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);

    expect(await accounts.disable('mia')).toBe(true);
    expect(await accounts.signIn('mia', password)).toBeUndefined();
    expect(await accounts.enable('mia')).toBe(true);
    expect(await accounts.signIn('mia', password)).toBeDefined();
  });

  it('takes the new password after a change, and the old one no longer', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);

    expect(await accounts.changePassword('mia', 'another long password')).toBe(true);

    expect(await accounts.signIn('mia', password)).toBeUndefined();
    expect(await accounts.signIn('mia', 'another long password')).toBeDefined();
  });

  it('gives nobody in for a name that is unknown or none at all', async () => {
    const { accounts } = newAccounts();

    for (const name of ['nobody', '', '*', '../mia', '<script>', 'x'.repeat(10_000)]) {
      expect(await accounts.signIn(name, password)).toBeUndefined();
    }
  });

  it('verifies one hash for an unknown name, as for a known one', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    await accounts.signIn('warm-up', password);

    const known = await hashesDuring(() => accounts.signIn('mia', 'wrong password'));
    const unknown = await hashesDuring(() => accounts.signIn('nobody', 'wrong password'));
    const malformed = await hashesDuring(() => accounts.signIn('<script>', 'wrong password'));

    expect([known, unknown, malformed]).toEqual([1, 1, 1]);
  });
});

describe('a hash that costs less than those of today', () => {
  const weaker = {
    'less memory': { algorithm: 2, memoryCost: 8_192, timeCost: 2, parallelism: 1 },
    'fewer passes': { algorithm: 2, memoryCost: 19_456, timeCost: 1, parallelism: 1 },
    argon2i: { algorithm: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1 },
  };
  for (const [how, options] of Object.entries(weaker)) {
    it(`is replaced at the next sign-in: ${how}`, async () => {
      const { accounts, keyOf } = newAccounts();
      await accounts.add('mia', 'merchant', 'some other password');
      await redis.hset(keyOf('mia'), 'passwordHash', await hash(password, options));
      const before = await accounts.signIn('mia', password);

      const after = await accounts.signIn('mia', password);

      expect(await redis.hget(keyOf('mia'), 'passwordHash')).toMatch(
        /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
      );
      expect(after).toEqual(before);
      expect(before).toBeDefined();
    });
  }

  const stronger = { algorithm: 2, memoryCost: 32_768, timeCost: 3 };

  it('stays as it is at a wrong password, and where it costs more', async () => {
    const { accounts, keyOf } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    await accounts.add('max', 'merchant', password);
    const weak = await hash(password, weaker['fewer passes']);
    const strong = await hash(password, stronger);
    await redis.hset(keyOf('mia'), 'passwordHash', weak);
    await redis.hset(keyOf('max'), 'passwordHash', strong);

    await accounts.signIn('mia', 'not this one');
    await accounts.signIn('max', password);

    expect(await redis.hget(keyOf('mia'), 'passwordHash')).toBe(weak);
    expect(await redis.hget(keyOf('max'), 'passwordHash')).toBe(strong);
  });

  it('does not come in the way of a password that is changed at that moment', async () => {
    const { accounts, keyOf, prefix } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    await redis.hset(keyOf('mia'), 'passwordHash', await hash(password, weaker['less memory']));
    const changed = await hash('another long password');
    const slow = redis.duplicate();
    // The change comes after the read, ahead of the upgrade.
    const read = slow.hgetall.bind(slow);
    slow.hgetall = async (key: string) => {
      const record = await read(key);
      await redis.hset(keyOf('mia'), 'passwordHash', changed);
      return record;
    };

    await accountStore(slow, prefix, now).signIn('mia', password);

    expect(await redis.hget(keyOf('mia'), 'passwordHash')).toBe(changed);
    slow.disconnect();
  });
});

describe('the era of an account', () => {
  const endings = ['changePassword', 'disable', 'endSignIns'] as const;
  for (const ending of endings) {
    it(`is another one after ${ending}`, async () => {
      const { accounts } = newAccounts();
      await accounts.add('mia', 'merchant', password);
      const eras = [(await accounts.find('mia'))?.era];

      for (let n = 0; n < 2; n += 1) {
        expect(await accounts[ending]('mia', 'another long password')).toBe(true);
        eras.push((await accounts.find('mia'))?.era);
      }

      expect(new Set(eras).size).toBe(3);
    });
  }

  it('is the one the password was checked in, though the password is changed meanwhile', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    await accounts.endSignIns('mia');

    const [checked] = await Promise.all([
      accounts.signIn('mia', password),
      accounts.changePassword('mia', 'another long password'),
    ]);

    expect(checked).toBeDefined();
    expect(isStill(await accounts.find('mia'), checked!.era)).toBe(false);
  });
});

describe('replacePassword', () => {
  const another = 'another long password';

  async function signedIn() {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    return { accounts, account: (await accounts.signIn('mia', password))! };
  }

  it('ends all sign-ins but for whom it answers', async () => {
    const { accounts, account } = await signedIn();

    const later = await accounts.replacePassword(account, another);

    const stored = await accounts.find('mia');
    expect(isStill(stored, account.era)).toBe(false);
    expect(later).toEqual(stored);
    expect(await accounts.signIn('mia', password)).toBeUndefined();
    expect(await accounts.signIn('mia', another)).toEqual(stored);
  });

  for (const ending of ['changePassword', 'disable', 'endSignIns'] as const) {
    it(`does nothing where ${ending} was first`, async () => {
      const { accounts, account } = await signedIn();
      await accounts[ending]('mia', 'a third long password');
      await accounts.enable('mia');

      expect(await accounts.replacePassword(account, another)).toBeUndefined();

      expect(await accounts.signIn('mia', another)).toBeUndefined();
    });
  }

  it('does nothing for an account that is disabled or gone', async () => {
    const { accounts, account } = await signedIn();
    await accounts.disable('mia');
    const disabled = await accounts.find('mia');

    expect(await accounts.replacePassword(disabled!, another)).toBeUndefined();
    expect(await accounts.replacePassword({ ...account, name: 'nobody' }, another)).toBeUndefined();
    expect(await accounts.find('nobody')).toBeUndefined();
  });

  it('is done once by two at the same moment', async () => {
    const { accounts, account } = await signedIn();

    const done = await Promise.all(
      [another, 'a third long password'].map((text) => accounts.replacePassword(account, text)),
    );

    expect(done.filter((one) => one !== undefined)).toHaveLength(1);
  });
});

describe('a password that is too long for any', () => {
  it('is wrong without being hashed, for a known name and an unknown one', async () => {
    const { accounts } = newAccounts();
    await accounts.add('mia', 'merchant', password);
    await accounts.signIn('warm-up', password);

    for (const name of ['mia', 'nobody']) {
      for (const length of [1025, 1_000_000]) {
        const hashes = await hashesDuring(() => accounts.signIn(name, 'x'.repeat(length)));
        expect(hashes).toBe(0);
      }
    }
  });
});

describe('changePassword, disable, enable and endSignIns', () => {
  it('make no account of a name that has none', async () => {
    const { accounts } = newAccounts();

    expect(await accounts.changePassword('nobody', password)).toBe(false);
    expect(await accounts.disable('nobody')).toBe(false);
    expect(await accounts.enable('nobody')).toBe(false);
    expect(await accounts.endSignIns('nobody')).toBe(false);
    expect(await accounts.find('nobody')).toBeUndefined();
  });
});

describe('accountName', () => {
  it('takes names and email addresses, in small letters', () => {
    expect(accountName.parse(' Mia+Shop@Merchant.Example')).toBe('mia+shop@merchant.example');
  });

  for (const name of ['', ' ', '.mia', 'mia max', 'mia:x', 'mía', '{mia}', 'm'.repeat(129)]) {
    it(`refuses ${JSON.stringify(name.slice(0, 20))}`, () => {
      expect(accountName.safeParse(name).success).toBe(false);
    });
  }
});

describe('newPassword', () => {
  const passwords: readonly (readonly [what: string, text: string, isTaken: boolean])[] = [
    ['7 characters', 'x'.repeat(7), false],
    ['8 characters', 'x'.repeat(8), true],
    ['8 characters, all spaces or beyond ASCII', ' ä 漢 ✓  ', true],
    ['1,024 bytes', 'x'.repeat(1024), true],
    ['1,025 bytes', 'x'.repeat(1025), false],
    ['513 characters of two bytes', 'ä'.repeat(513), false],
  ];
  for (const [what, text, isTaken] of passwords) {
    it(`${isTaken ? 'takes' : 'refuses'} ${what}`, () => {
      expect(newPassword.safeParse(text).success).toBe(isTaken);
    });
  }
});

/** How many tasks of the native argon2 library were started meanwhile; it gives them no name of their own. */
async function hashesDuring(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'undefined') count += 1;
    },
  }).enable();
  await work();
  hook.disable();
  return count;
}
