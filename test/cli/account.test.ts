import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { signIn } from '../console/operators.js';
import { environment, pathWithoutRedis, run, startMain } from '../processes/child.js';
import { newDataDir } from '../redis/support.js';
import { enrol } from '../support/second-factor.js';

const password = 'hush hush, ein Wört';
const operator = ['--role', 'operator', '--password-stdin'];

/** Runs `npm run account` without npm, and asserts on every run that it never prints a password. */
async function account(env: NodeJS.ProcessEnv, words: readonly string[], input = '') {
  const { code, stdout, stderr } = await run(['cli/account', ...words], env, input).ended;
  expect(`${stdout}${stderr}`).not.toContain('hush');
  return { code, stdout, stderr };
}

/** The status of a sign-in to the console: 303 when it worked, else 401 or 403. */
async function signInStatus(app: { readonly url: string }, username: string, typed = password) {
  const { status } = await signIn(supertest.agent(app.url), { username, password: typed });
  return status;
}

describe('npm run account', () => {
  it('adds accounts and lists them, without their passwords', async () => {
    const env = environment(await newDataDir());

    const none = await account(env, ['list']);
    const olga = await account(env, ['add', 'Olga', ...operator], `${password}\n`);
    const mia = await account(
      env,
      ['add', 'mia@merchant.example', '--role', 'merchant', '--password-stdin'],
      password,
    );
    const list = await account(env, ['list']);

    expect(none).toEqual({ code: 0, stdout: 'There are no accounts.\n', stderr: '' });
    expect(olga).toEqual({ code: 0, stdout: 'Added operator olga.\n', stderr: '' });
    expect(mia).toEqual({ code: 0, stdout: 'Added merchant mia@merchant.example.\n', stderr: '' });
    expect(list.stdout).toMatch(
      /^mia@merchant\.example\tmerchant\tenabled\t\S+Z\nolga\toperator\tenabled\t\S+Z\n$/,
    );
  });

  it('works beside the running app, on the same data, and the app lives on', async () => {
    const env = environment(await newDataDir());
    const app = await startMain(env);

    await account(env, ['add', 'olga', ...operator], `${password}\r\n`);
    const added = await signInStatus(app, 'olga');
    const disabled = await account(env, ['disable', 'OLGA']);
    const shut = await signInStatus(app, 'olga');
    const enabled = await account(env, ['enable', 'olga']);
    const open = await signInStatus(app, 'olga');
    const changed = await account(env, ['password', 'olga', '--password-stdin'], 'hush anew!\n');
    const old = await signInStatus(app, 'olga');
    const anew = await signInStatus(app, 'olga', 'hush anew!');

    expect(disabled).toEqual({ code: 0, stdout: 'Account olga: disabled.\n', stderr: '' });
    expect(enabled).toEqual({ code: 0, stdout: 'Account olga: enabled.\n', stderr: '' });
    expect(changed).toEqual({ code: 0, stdout: 'Account olga: changed.\n', stderr: '' });
    expect([added, shut, open, old, anew]).toEqual([303, 401, 303, 401, 303]);
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });

  it('lists who has a second factor, and resets that of a lost phone, for password alone', async () => {
    const env = environment(await newDataDir());
    const app = await startMain(env);
    await account(env, ['add', 'olga', ...operator], password);
    await account(env, ['add', 'otto', ...operator], password);
    const browser = supertest.agent(app.url);
    await signIn(browser, { username: 'olga', password });
    const phone = await enrol(browser, password);

    const list = await account(env, ['list']);
    const asked = await signIn(supertest.agent(app.url), { username: 'olga', password });
    const reset = await account(env, ['reset-second-factor', 'OLGA']);
    const again = await account(env, ['reset-second-factor', 'olga']);
    const free = await signIn(supertest.agent(app.url), { username: 'olga', password });

    expect(phone.recoveryCodes).toHaveLength(10);
    expect(list.stdout).toMatch(
      /^olga\toperator\tenabled\t\S+Z\tsecond factor\notto\toperator\tenabled\t\S+Z\n$/,
    );
    expect(asked.headers['location']).toBe('/console/sign-in/code');
    expect(reset).toMatchObject({
      code: 0,
      stdout: 'Account olga: its password alone signs in again.\n',
    });
    expect(JSON.parse(reset.stderr)).toMatchObject({
      level: 'warn',
      event: 'second_factor_disabled',
      account: 'olga',
      by: 'command line',
    });
    expect(again).toEqual({
      code: 0,
      stdout: 'Account olga has no second factor.\n',
      stderr: '',
    });
    expect(free.headers['location']).toBe('/console');
    expect((await browser.get('/console')).status).toBe(303);
  });

  const endings: Record<string, readonly (readonly [words: readonly string[], input: string])[]> = {
    'sign-out': [[['sign-out', 'OLGA'], '']],
    'a new password': [[['password', 'olga', '--password-stdin'], 'hush anew!']],
    'disable, even where enable follows': [
      [['disable', 'olga'], ''],
      [['enable', 'olga'], ''],
    ],
  };
  for (const [what, commands] of Object.entries(endings)) {
    it(`ends all sign-ins of an account, and no other, in the running app: ${what}`, async () => {
      const env = environment(await newDataDir());
      const app = await startMain(env);
      await account(env, ['add', 'olga', ...operator], password);
      await account(env, ['add', 'otto', ...operator], password);
      const browsers = ['olga', 'olga', 'otto'].map((username) => ({
        username,
        browser: supertest.agent(app.url),
      }));
      for (const { username, browser } of browsers) await signIn(browser, { username, password });
      const statuses = () =>
        Promise.all(browsers.map(async ({ browser }) => (await browser.get('/console')).status));
      const before = await statuses();

      for (const [words, input] of commands) {
        expect(await account(env, words, input)).toMatchObject({ code: 0, stderr: '' });
      }

      expect(before).toEqual([200, 200, 200]);
      expect(await statuses()).toEqual([303, 303, 200]);
    });
  }

  it('is where the first account comes from: a new installation lets nobody in', async () => {
    const env = environment(await newDataDir());
    const app = await startMain(env);

    const names = ['admin', 'operator', 'olga'];
    const passwords = ['', 'admin', 'password'];
    const statuses = new Set<number>();
    for (const name of names) {
      for (const typed of passwords) statuses.add(await signInStatus(app, name, typed));
    }

    expect([...statuses]).toEqual([401]);
    expect((await account(env, ['list'])).stdout).toBe('There are no accounts.\n');
  });

  it('leaves an account as it is when it is added again', async () => {
    const env = environment(await newDataDir());
    const app = await startMain(env);
    await account(env, ['add', 'olga', ...operator], password);

    const again = await account(env, ['add', 'olga', ...operator], 'hush, another one');

    expect(again).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is an account olga already.\n',
    });
    expect(await signInStatus(app, 'olga')).toBe(303);
  });

  const refused: Record<string, [words: string[], input: string, says: RegExp]> = {
    'to disable an unknown name': [['disable', 'nobody'], '', /^There is no account nobody\.\n$/],
    'to sign out an unknown name': [['sign-out', 'nobody'], '', /^There is no account nobody\.\n$/],
    'to enable an unknown name': [['enable', 'nobody'], '', /^There is no account nobody\.\n$/],
    'to reset the second factor of an unknown name': [
      ['reset-second-factor', 'nobody'],
      '',
      /^There is no account nobody\.\n$/,
    ],
    'a new password for an unknown name': [
      ['password', 'nobody', '--password-stdin'],
      password,
      /^There is no account nobody\.\n$/,
    ],
    'a role that does not exist': [
      ['add', 'olga', '--role', 'admin', '--password-stdin'],
      password,
      /^--role must be merchant or operator\.\n$/,
    ],
    'an account without a role': [
      ['add', 'olga', '--password-stdin'],
      password,
      /^--role must be merchant or operator\.\n$/,
    ],
    'a short password': [
      ['add', 'olga', ...operator],
      'hush\n',
      /^The password must be 8 characters or more\.\n$/,
    ],
    'a password of more than a KiB': [
      ['add', 'olga', ...operator],
      'hush'.repeat(300),
      /^The password must be 1,024 bytes or less\.\n$/,
    ],
    'no password at all': [['add', 'olga', ...operator], '', /^The password must be 8 characters/],
    'a password that is not announced': [
      ['add', 'olga', '--role', 'operator'],
      password,
      /^Give --password-stdin and the password on standard input\.\n$/,
    ],
    'a name with a space': [['add', 'ol ga', ...operator], password, /^The name must be .*\.\n$/],
    'a verb it does not know': [['promote', 'olga'], '', /^Usage:\n/],
    'a verb without a name': [['disable'], '', /^Usage:\n/],
    'a word too many': [['disable', 'olga', 'mia'], '', /^Usage:\n/],
    'no verb': [[], '', /^Usage:\n/],
    'an option it does not know': [['list', '--verbose'], '', /'--verbose'.*\n$/],
    'an option without its value': [['add', 'olga', '--role'], '', /--role.*\n$/],
  };
  for (const [what, [words, input, says]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const env = environment(await newDataDir());

      const { code, stdout, stderr } = await account(env, words, input);

      expect(stderr).toMatch(says);
      expect(stderr).not.toContain('    at ');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    });
  }

  it('keeps nothing of an account it has refused', async () => {
    const env = environment(await newDataDir());
    await account(env, ['add', 'olga', ...operator], 'hush');

    const { stdout } = await account(env, ['list']);

    expect(stdout).toBe('There are no accounts.\n');
  });

  it('exits with 78 where a setting is wrong', async () => {
    const env = environment(await newDataDir(), { REDIS_PREFIX: 'a b', LOG_LEVEL: 'hush' });

    const { code, stderr } = await account(env, ['list']);

    expect(stderr).toMatch(/^REDIS_PREFIX must .*; LOG_LEVEL must .*\.\n$/);
    expect(code).toBe(78);
  });

  it('explains itself where neither Redis nor a server can be reached', async () => {
    const env = environment(await newDataDir(), {
      REDIS_URL: 'redis://:hush@127.0.0.1:1',
      SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 5).toString('base64')}`,
    });

    const { code, stderr } = await account(env, ['list']);

    expect(stderr).toBe('Redis at 127.0.0.1:1 cannot be used: ECONNREFUSED\n');
    expect(code).toBe(1);
  });
});

describe('npm run account on a machine without a Redis server', () => {
  it('says what is wrong with the words before it looks for Redis', async () => {
    const env = environment(await newDataDir(), { PATH: pathWithoutRedis() });

    const wrongVerb = await account(env, ['promote', 'olga']);
    const wrongPassword = await account(env, ['add', 'olga', ...operator], 'hush');

    expect(wrongVerb).toMatchObject({ code: 1, stderr: expect.stringMatching(/^Usage:\n/) });
    expect(wrongPassword).toMatchObject({
      code: 1,
      stderr: 'The password must be 8 characters or more.\n',
    });
  });

  it('works through the running app', async () => {
    const env = environment(await newDataDir(), { PATH: pathWithoutRedis() });
    const app = await startMain(env);

    const added = await account(env, ['add', 'olga', ...operator], password);

    expect(app.lines().at(-1)).toMatchObject({ event: 'listening', redis: 'stand-in' });
    expect(added).toEqual({ code: 0, stdout: 'Added operator olga.\n', stderr: '' });
    expect(await signInStatus(app, 'olga')).toBe(303);
    expect((await account(env, ['list'])).stdout).toMatch(/^olga\toperator\tenabled/);
  });

  it('says that it needs the running app when there is none, and exits with 1', async () => {
    const env = environment(await newDataDir(), { PATH: pathWithoutRedis() });

    const { code, stdout, stderr } = await account(env, ['add', 'olga', ...operator], password);

    expect(stderr).toMatch(/^without redis-server.*only while the app is running.*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
