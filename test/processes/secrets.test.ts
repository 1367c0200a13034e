import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { send, signIn } from '../console/operators.js';
import { newDataDir } from '../redis/support.js';
import { enrol } from '../support/second-factor.js';
import { encryptionKeys, testKey } from '../support/sealed-data.js';
import { startRedis } from '../support/start-redis.js';
import { environment, run, startMain, type Child } from './child.js';

const password = 'long words of olga on standard input';
const wrongPassword = 'long words of somebody else entirely';
const redisPassword = 'the-password-of-redis-itself';
const sessionSecret = 'a session secret of thirty-two bytes or more';
const login = Buffer.from('staging:behind a wall').toString('base64');
const [oldKeys, newKeys] = [encryptionKeys(testKey(1)), encryptionKeys(testKey(2), testKey(1))];

/** Settings whose secrets are files, with a Redis that asks for a password. */
async function newPlace() {
  const redis = await startRedis({ tcp: true, args: ['--requirepass', redisPassword] });
  const folder = await newDataDir();
  const settings = async (keys: string) => {
    const secrets = {
      REDIS_URL: redis.url.replace('redis://', `redis://:${redisPassword}@`),
      SESSION_SECRETS: sessionSecret,
      ENCRYPTION_KEYS: keys,
      STORE_BASIC_AUTH: `shop.example=${login}`,
    };
    const env = environment(folder, { LOG_LEVEL: 'trace' });
    for (const [name, value] of Object.entries(secrets)) {
      env[`${name}_FILE`] = path.join(folder, name);
      await writeFile(path.join(folder, name), value, { mode: 0o400, flag: 'w' });
    }
    return env;
  };
  return { redis, settings };
}

/** All that these commands have said. */
function saidBy(commands: readonly Child[]): string {
  return commands.map((command) => command.stdout() + command.stderr()).join('');
}

describe('the processes of an installation', () => {
  it('say no secret that they were given, whatever they are told to do and whatever fails', async () => {
    const { redis, settings } = await newPlace();
    const env = await settings(oldKeys);
    const add = ['cli/account', 'add', 'olga', '--role', 'operator', '--password-stdin'];
    const commands: Child[] = [];
    const started = (child: Child) => {
      commands.push(child);
      return child.ended;
    };

    await started(run(add, env, `${password}\n`));
    await started(run(add, env, `${password}\n`));
    await started(run(['cli/account', 'add', 'eve', '--role', password], env, password));
    const app = await startMain(env);
    commands.push(app);
    const browser = supertest.agent(app.url);
    await signIn(browser, { username: 'olga', password: wrongPassword });
    const { status } = await signIn(browser, { username: 'olga', password });
    const phone = await enrol(browser, password);
    await started(run(['cli/keys', 'rotate'], await settings(newKeys)));
    const admin = redis.client({ password: redisPassword });
    await admin.call('ACL', 'SETUSER', 'default', '-@write', '-@scripting');
    const refused = await send(browser, '/console/sign-in', '', { username: 'olga', password });
    await admin.call('ACL', 'SETUSER', 'default', '+@all', 'resetpass', '>another');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal');
    await app.line('redis_lost');
    app.kill('SIGTERM');
    await app.ended;
    const { stderr: notLetIn } = await started(run(['main'], env));
    await started(run(['main'], { ...env, ENCRYPTION_KEYS: newKeys }));

    const said = saidBy(commands);
    const secrets = [
      ...[password, wrongPassword, redisPassword, sessionSecret, login, phone.secret],
      ...phone.recoveryCodes,
      ...[1, 2].map((number) => testKey(number).key.toString('base64')),
    ];
    expect([status, phone.recoveryCodes.length]).toEqual([303, 10]);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(notLetIn).toContain('WRONGPASS');
    expect(said).toContain('Added operator olga.');
    expect(said).toContain('Re-sealed with k2: 1.');
    expect(said).toContain('ENCRYPTION_KEYS_FILE must ');
    expect(said).toContain('"event":"operator_sign_in_refused"');
    expect(said).not.toContain('"dropped"');
    expect(secrets.every((secret) => secret.length >= 16)).toBe(true);
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  }, 60_000);
});
