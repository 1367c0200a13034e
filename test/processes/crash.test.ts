import { describe, expect, it } from '@jest/globals';
import { newDataDir } from '../redis/support.js';
import { embeddedRedis, environment, startMain, untilRefused } from './child.js';
import { signingIn } from './signing-in.js';

/** An error with what one of the Redis client has on it: the arguments of the command that failed. */
const torn = `Object.assign(new RangeError('torn A SECRET'), { command: { args: ['a secret'.toUpperCase()] } })`;

/** Settings by which an app does this when it is sent SIGUSR2. */
function doing(code: string): NodeJS.ProcessEnv {
  const preload = encodeURIComponent(`process.on('SIGUSR2', () => { ${code} })`);
  return { NODE_OPTIONS: `--import data:text/javascript,${preload}` };
}

const ways: Record<string, string> = {
  'an exception that nobody catches': `throw ${torn};`,
  'a promise that is rejected without a listener': `Promise.reject(${torn});`,
};

describe('an app that meets', () => {
  for (const [what, code] of Object.entries(ways)) {
    it(`${what} says so in one fatal line without a secret, stops as planned and exits with 1`, async () => {
      const app = await startMain(environment(await newDataDir(), doing(code)));

      app.kill('SIGUSR2');

      const { code: exitCode, stdout, stderr } = await app.ended;
      const fatal = app.lines().filter(({ level }) => level === 'fatal');
      expect(exitCode).toBe(1);
      expect(fatal).toMatchObject([{ event: 'crashed', err: { name: 'RangeError' } }]);
      expect(app.lines().at(-1)).toMatchObject({ event: 'stopped' });
      expect(stderr).toBe('');
      expect(stdout).not.toContain('A SECRET');
    });
  }

  it('one during a sign-in answers that first, and what was granted is kept', async () => {
    const { app, dataDir, activation, answer } = await signingIn(700, doing(`throw ${torn};`));

    app.kill('SIGUSR2');

    const response = await answer;
    const { code } = await app.ended;
    await startMain(environment(dataDir));
    expect(response.status).toBe(303);
    expect(response.headers['location']).toBe(activation.successCallbackUrl);
    expect(code).toBe(1);
    expect(await embeddedRedis(dataDir).keys('mi:credential:*')).toHaveLength(1);
  });

  for (const signal of ['SIGTERM', 'SIGUSR2'] as const) {
    it(`one, and then ${signal}, exits with 1 at once`, async () => {
      const { app, answer } = await signingIn(10_000, doing(`throw ${torn};`));
      const outcome = answer.then(
        () => 'answered',
        () => 'cut off',
      );
      app.kill('SIGUSR2');
      await untilRefused(app.url);

      app.kill(signal);

      const { code } = await app.ended;
      expect(code).toBe(1);
      expect(app.lines().map(({ event }) => event)).not.toContain('stopped');
      expect(await outcome).toBe('cut off');
    });
  }
});
