import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { accountName, newPassword, roles, type Role } from '../accounts/account.js';
import { accountStore, type AccountStore } from '../accounts/account-store.js';
import { AppError } from '../errors.js';
import { createLog } from '../log.js';
import { openRedis } from '../redis/open-redis.js';
import { secondFactorStore, type SecondFactorStore } from '../second-factor/second-factor-store.js';
import { completeConfig, redisSettings } from './complete-config.js';
import { fail } from './fail.js';
import { keepMemoryPrivate } from './keep-memory-private.js';

const usage = `Usage:
  npm run account -- add NAME --role merchant|operator --password-stdin
  npm run account -- list
  npm run account -- disable NAME
  npm run account -- enable NAME
  npm run account -- password NAME --password-stdin
  npm run account -- sign-out NAME
  npm run account -- reset-second-factor NAME`;

/** What the commands work on. */
interface People {
  readonly accounts: AccountStore;
  readonly secondFactors: SecondFactorStore;
}

keepMemoryPrivate();
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { role: { type: 'string' }, 'password-stdin': { type: 'boolean' } },
  });
  const command = await commandOf(positionals, values);
  const config = completeConfig(process.env);
  const redis = await openRedis(
    { ...redisSettings(config, process.env), standIn: 'join-only' },
    createLog('silent'),
  );
  try {
    const { prefix } = config.redis;
    const accounts = accountStore(redis.client, prefix, () => new Date());
    const secondFactors = secondFactorStore(redis.client, prefix);
    console.log(await command({ accounts, secondFactors }));
  } finally {
    await redis.close();
  }
} catch (error) {
  fail(error);
}

/** What the words ask for, once they are known to make sense. It does that and answers the sentence to print. */
async function commandOf(
  [verb, ...words]: readonly string[],
  options: { readonly role?: string; readonly 'password-stdin'?: boolean },
): Promise<(people: People) => Promise<string>> {
  if (verb === 'list' && words.length === 0) return listOf;
  const [typedName, ...rest] = words;
  if (typedName === undefined || rest.length > 0) throw new AppError('bad_request', usage);
  const name = checked(accountName.safeParse(typedName), 'The name');
  switch (verb ?? '') {
    case 'add': {
      const role = roleOf(options.role);
      const password = await passwordFrom(options);
      return async ({ accounts }) => {
        const added = await accounts.add(name, role, password);
        if (!added) throw new AppError('bad_request', `There is an account ${name} already.`);
        return `Added ${role} ${name}.`;
      };
    }
    case 'password': {
      const password = await passwordFrom(options);
      return async ({ accounts }) =>
        done(name, await accounts.changePassword(name, password), 'changed');
    }
    case 'disable':
      return async ({ accounts }) => done(name, await accounts.disable(name), 'disabled');
    case 'enable':
      return async ({ accounts }) => done(name, await accounts.enable(name), 'enabled');
    case 'sign-out':
      return async ({ accounts }) =>
        done(name, await accounts.endSignIns(name), 'signed out everywhere');
    case 'reset-second-factor':
      return (people) => resetSecondFactor(people, name);
    default:
      throw new AppError('bad_request', usage);
  }
}

/** A line for each account; of those that have one, the last word is that a second factor is on. */
async function listOf({ accounts, secondFactors }: People): Promise<string> {
  const lines = (await accounts.list()).map(async ({ name, role, disabled, createdAt }) => {
    const isOn = (await secondFactors.find(name)) !== undefined;
    const words = [name, role, disabled ? 'disabled' : 'enabled', createdAt.toISOString()];
    return [...words, ...(isOn ? ['second factor'] : [])].join('\t');
  });
  return lines.length > 0 ? (await Promise.all(lines)).join('\n') : 'There are no accounts.';
}

/** For a phone that is lost; whoever has it may be signed in with it. The log line goes to standard error, where no other line of this command is. */
async function resetSecondFactor({ accounts, secondFactors }: People, name: string) {
  if (!(await accounts.find(name))) done(name, false, '');
  if (!(await secondFactors.remove(name))) return `Account ${name} has no second factor.`;
  await accounts.endSignIns(name);
  const log = createLog('info', process.stderr);
  log.warn({ event: 'second_factor_disabled', account: name, by: 'command line' });
  return done(name, true, 'its password alone signs in again');
}

function roleOf(word: string | undefined): Role {
  const role = roles.find((known) => known === word);
  if (!role) throw new AppError('bad_request', `--role must be ${roles.join(' or ')}.`);
  return role;
}

async function passwordFrom(options: { readonly 'password-stdin'?: boolean }): Promise<string> {
  if (options['password-stdin'] !== true) {
    throw new AppError('bad_request', 'Give --password-stdin and the password on standard input.');
  }
  const typed = (await text(process.stdin)).replace(/\r?\n$/, '');
  return checked(newPassword.safeParse(typed), 'The password');
}

function checked<T>(
  result: {
    readonly success: boolean;
    readonly data?: T;
    readonly error?: { issues: { message: string }[] };
  },
  what: string,
): T {
  if (result.data === undefined) {
    throw new AppError(
      'bad_request',
      `${what} ${result.error?.issues[0]?.message ?? 'is not usable'}.`,
    );
  }
  return result.data;
}

function done(name: string, found: boolean, what: string): string {
  if (!found) throw new AppError('bad_request', `There is no account ${name}.`);
  return `Account ${name}: ${what}.`;
}
