import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Language } from '../language/languages.js';
import { AppError } from '../errors.js';
import { accountName, accountRecord, type Account, type Role } from './account.js';
import { atMost } from './at-most.js';
import { hashPassword, isOutdated, verifyPassword } from './password.js';

export type AccountStore = ReturnType<typeof accountStore>;

interface WithScripts {
  writeAccount(key: string, when: 'new' | 'existing', ...fields: string[]): Promise<0 | 1>;
  upgradeHash(key: string, read: string, better: string): Promise<0 | 1>;
  replacePassword(key: string, era: string, hash: string, next: string): Promise<0 | 1>;
  admitMerchant(key: string, ...words: string[]): Promise<'made' | 'changed' | 'refused'>;
  disableUnlessLast(numberOfKeys: number, ...words: string[]): Promise<'done' | 'missing' | 'last'>;
}

const scripts = {
  writeAccount: { file: 'write-account.lua', numberOfKeys: 1 },
  upgradeHash: { file: 'upgrade-hash.lua', numberOfKeys: 1 },
  replacePassword: { file: 'replace-password.lua', numberOfKeys: 1 },
  admitMerchant: { file: 'admit-merchant.lua', numberOfKeys: 1 },
  disableUnlessLast: { file: 'disable-unless-last.lua' },
};

/** Beside two checks of passwords, one hash of a new one: a thread of libuv's four is left to look up stores' names. */
const newOnes = {
  atOnce: 1,
  waiting: 50,
  noRoom: () => new AppError('sign_ins_busy', 'too many new passwords wait to be hashed'),
};

/** Keeps people in Redis: a hash for each, and a sorted list of names. Names are taken as `accountName` parsed them. */
export function accountStore(redis: Redis, prefix: string, now: () => Date) {
  for (const [command, { file, ...keys }] of Object.entries(scripts)) {
    const lua = readFileSync(new URL(file, import.meta.url), 'utf8');
    redis.defineCommand(command, { ...keys, lua });
  }
  const scripted = redis as unknown as WithScripts;
  const index = `${prefix}accounts`;
  const keyOf = (name: string) => `${prefix}account:${name}`;

  async function read(name: string) {
    const fields = await redis.hgetall(keyOf(name));
    return 'name' in fields ? accountRecord.parse(fields) : undefined;
  }

  async function write(name: string, fields: Record<string, string>): Promise<boolean> {
    const words = Object.entries(fields).flat();
    return (await scripted.writeAccount(keyOf(name), 'existing', ...words)) === 1;
  }

  const inTurn = atMost(newOnes.atOnce, newOnes);
  const hashInTurn = (password: string) => inTurn(() => hashPassword(password));

  async function list(): Promise<Account[]> {
    const records = await Promise.all((await names()).map(read));
    return records.filter((record) => record !== undefined).map(withoutHash);
  }

  const names = () => redis.zrange(index, '0', '-1');

  const asDisabled = () => ({ disabled: 'yes', ...newEra() });

  const newFields = (name: string, role: Role) => ({
    name,
    role,
    disabled: 'no',
    createdAt: now().toISOString(),
  });

  const newEra = () => ({ era: crypto.randomUUID() });

  /** A hash of nothing anyone knows, so that an unknown name costs as much time as a wrong password. */
  const nobodysHash = hashPassword(crypto.randomUUID());

  return {
    /** Answers whether the account is new; an existing one stays as it is. @throws AppError `sign_ins_busy` */
    async add(name: string, role: Role, password: string): Promise<boolean> {
      const passwordHash = await hashInTurn(password);
      await redis.zadd(index, 0, name);
      const words = Object.entries({ ...newFields(name, role), passwordHash }).flat();
      return (await scripted.writeAccount(keyOf(name), 'new', ...words)) === 1;
    },

    /** A new password as it is kept, for `admitMerchant`. @throws AppError `sign_ins_busy` */
    hashNew: hashInTurn,

    /**
     * Sets the password of a merchant, by a hash of `hashNew`: makes the account, or ends all sign-ins of the one there
     * is, unless that was made after `madeBefore`. `refused`: so it was, or the name is an operator's, or the account is
     * disabled; then nothing has changed.
     */
    async admitMerchant(
      name: string,
      passwordHash: string,
      madeBefore = now(),
    ): Promise<'made' | 'changed' | 'refused'> {
      await redis.zadd(index, 0, name);
      const others = Object.entries(newFields(name, 'merchant')).flat();
      const words = [passwordHash, newEra().era, madeBefore.toISOString(), ...others];
      return scripted.admitMerchant(keyOf(name), ...words);
    },

    async find(name: string): Promise<Account | undefined> {
      const record = await read(name);
      return record && withoutHash(record);
    },

    list,

    /** Every name on the list, in order. One that was never made an account may be among them. */
    names,

    /** The account, if it exists, is not disabled, and the password is its own; a weaker hash of it is replaced then. */
    async signIn(typedName: string, password: string): Promise<Account | undefined> {
      const name = accountName.safeParse(typedName).data;
      const record = name === undefined ? undefined : await read(name);
      const right = await verifyPassword(record?.passwordHash ?? (await nobodysHash), password);
      if (!right || !record || record.disabled) return undefined;
      if (isOutdated(record.passwordHash)) {
        const better = await hashPassword(password);
        await scripted.upgradeHash(keyOf(record.name), record.passwordHash, better);
      }
      return withoutHash(record);
    },

    /**
     * Gives an account that was read, and whose old password was right, another one, and ends all of its sign-ins.
     * Answers the account in its new era; `undefined` where its sign-ins have been ended, or it was disabled, meanwhile.
     *
     * @throws AppError `sign_ins_busy`
     */
    async replacePassword(account: Account, password: string): Promise<Account | undefined> {
      const { era } = newEra();
      const hash = await hashInTurn(password);
      const key = keyOf(account.name);
      const isReplaced = (await scripted.replacePassword(key, account.era, hash, era)) === 1;
      return isReplaced ? { ...account, era } : undefined;
    },

    /** What the account's own pages speak from now on; without a language, what the browser asks for. */
    chooseLanguage: (name: string, language: Language | undefined) =>
      write(name, { language: language ?? '' }),

    /**
     * Ends all sign-ins of the account, too. Answers whether there is such an account; so do the next three.
     *
     * @throws AppError `sign_ins_busy`
     */
    async changePassword(name: string, password: string): Promise<boolean> {
      return write(name, { passwordHash: await hashInTurn(password), ...newEra() });
    },
    /** Ends all sign-ins of the account, too. */
    disable: (name: string) => write(name, asDisabled()),
    enable: (name: string) => write(name, { disabled: 'no' }),
    /** Ends all sign-ins of the account, whatever process or browser they are in, with the next request of each. */
    endSignIns: (name: string) => write(name, newEra()),

    /** Disables an account, but never the last operator that can still sign in, whoever else disables one meanwhile. */
    async disableUnlessLast(this: void, name: string): Promise<'done' | 'missing' | 'last'> {
      const operators = (await list()).filter(({ role }) => role === 'operator');
      const others = operators.map((account) => account.name).filter((other) => other !== name);
      const keys = [name, ...others].map(keyOf);
      const fields = Object.entries(asDisabled()).flat();
      return scripted.disableUnlessLast(keys.length, ...keys, ...fields);
    },
  };
}

function withoutHash({ name, role, disabled, createdAt, era, language }: Account): Account {
  return { name, role, disabled, createdAt, era, ...(language && { language }) };
}
