import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import type { Language } from '../language/languages.js';
import { accountName, accountRecord, type Account, type Role } from './account.js';
import { hashPassword, isOutdated, verifyPassword } from './password.js';

export type AccountStore = ReturnType<typeof accountStore>;

interface WithScripts {
  writeAccount(key: string, when: 'new' | 'existing', ...fields: string[]): Promise<0 | 1>;
  upgradeHash(key: string, read: string, better: string): Promise<0 | 1>;
  replacePassword(key: string, era: string, hash: string, next: string): Promise<0 | 1>;
}

const scripts = {
  writeAccount: 'write-account.lua',
  upgradeHash: 'upgrade-hash.lua',
  replacePassword: 'replace-password.lua',
};

/** Keeps people in Redis: a hash for each, and a sorted list of names. Names are taken as `accountName` parsed them. */
export function accountStore(redis: Redis, prefix: string, now: () => Date) {
  for (const [command, file] of Object.entries(scripts)) {
    const lua = readFileSync(new URL(file, import.meta.url), 'utf8');
    redis.defineCommand(command, { numberOfKeys: 1, lua });
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

  const newEra = () => ({ era: crypto.randomUUID() });

  /** A hash of nothing anyone knows, so that an unknown name costs as much time as a wrong password. */
  const nobodysHash = hashPassword(crypto.randomUUID());

  return {
    /** Answers whether the account is new; an existing one stays as it is. */
    async add(name: string, role: Role, password: string): Promise<boolean> {
      const passwordHash = await hashPassword(password);
      await redis.zadd(index, 0, name);
      const fields = { name, role, disabled: 'no', createdAt: now().toISOString(), passwordHash };
      const written = await scripted.writeAccount(
        keyOf(name),
        'new',
        ...Object.entries(fields).flat(),
      );
      return written === 1;
    },

    async find(name: string): Promise<Account | undefined> {
      const record = await read(name);
      return record && withoutHash(record);
    },

    async list(): Promise<Account[]> {
      const records = await Promise.all((await redis.zrange(index, '0', '-1')).map(read));
      return records.filter((record) => record !== undefined).map(withoutHash);
    },

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
     */
    async replacePassword(account: Account, password: string): Promise<Account | undefined> {
      const { era } = newEra();
      const hash = await hashPassword(password);
      const key = keyOf(account.name);
      const isReplaced = (await scripted.replacePassword(key, account.era, hash, era)) === 1;
      return isReplaced ? { ...account, era } : undefined;
    },

    /** What the account's own pages speak from now on; without a language, what the browser asks for. */
    chooseLanguage: (name: string, language: Language | undefined) =>
      write(name, { language: language ?? '' }),

    /** Ends all sign-ins of the account, too. Answers whether there is such an account; so do the next three. */
    async changePassword(name: string, password: string): Promise<boolean> {
      return write(name, { passwordHash: await hashPassword(password), ...newEra() });
    },
    /** Ends all sign-ins of the account, too. */
    disable: (name: string) => write(name, { disabled: 'yes', ...newEra() }),
    enable: (name: string) => write(name, { disabled: 'no' }),
    /** Ends all sign-ins of the account, whatever process or browser they are in, with the next request of each. */
    endSignIns: (name: string) => write(name, newEra()),
  };
}

function withoutHash({ name, role, disabled, createdAt, era, language }: Account): Account {
  return { name, role, disabled, createdAt, era, ...(language && { language }) };
}
