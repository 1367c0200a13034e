import { describe, expect, it } from '@jest/globals';
import { secondFactorStore } from '../../src/second-factor/second-factor-store.js';
import { secondFactors } from '../../src/second-factor/second-factors.js';
import { fakeClock } from '../support/fake-clock.js';
import { turnOn } from '../support/second-factor.js';
import { startApp, type TestApp } from '../support/start-app.js';

/** An app whose operator has a second factor. */
async function withSecondFactor() {
  const clock = fakeClock();
  const app = await startApp({ now: clock.now });
  const phone = await turnOn(app.deps, 'olga');
  const record = async () => (await app.redis.get(`${app.prefix}second-factor:{olga}`)) ?? '';
  return { app, clock, phone, record, secondFactors: app.deps.secondFactors };
}

/** The second factors of an app, with a count that never refuses: what is left must hold by itself. */
function uncounted({ deps, redis, prefix }: TestApp) {
  const counter = { add: () => Promise.resolve({ count: 1 }) };
  return secondFactors({
    ...deps,
    store: secondFactorStore(redis, prefix),
    wrongCodes: counter,
    triesInSignIn: counter,
  });
}

/** Digits that are no code of the phone's about this time. */
function wrongCode(phone: { codeAt(now: Date): string }, now: Date): string {
  const good = [-60, -30, 0, 30, 60].map((s) => phone.codeAt(new Date(now.getTime() + s * 1000)));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find(
    (code) => !good.includes(code),
  )!;
}

describe('a second factor', () => {
  it('is kept without its secret or a recovery code in clear', async () => {
    const { record, phone } = await withSecondFactor();

    const text = await record();

    expect(text).toContain('"secret":"v1.test.');
    expect(text).not.toContain(phone.secret);
    for (const code of phone.recoveryCodes) {
      expect(text).not.toContain(code);
      expect(text).not.toContain(code.replaceAll('-', ''));
    }
  });

  it('takes a code, and the same code never again', async () => {
    const { secondFactors, phone, clock } = await withSecondFactor();
    const code = phone.codeAt(clock.now());

    const verdicts = [
      await secondFactors.accept('olga', ` ${code.slice(0, 3)} ${code.slice(3)} `),
      await secondFactors.accept('olga', code),
    ];

    expect(verdicts).toEqual(['right', 'wrong_code']);
  });

  it('takes no code older than the last one', async () => {
    const { secondFactors, phone, clock } = await withSecondFactor();
    clock.advance(60);
    const [older, newer] = [phone.codeAt(new Date(clock.now().getTime() - 30_000)), clock.now()];

    await secondFactors.accept('olga', phone.codeAt(newer));

    expect(await secondFactors.accept('olga', older)).toBe('wrong_code');
  });

  it('takes a code once in two processes that are asked ten times at once', async () => {
    const { app, phone, clock } = await withSecondFactor();
    const other = await startApp({ now: clock.now, prefix: app.prefix });
    const code = phone.codeAt(clock.now());

    const verdicts = await Promise.all(
      Array.from({ length: 10 }, (_, turn) =>
        uncounted(turn % 2 ? app : other).accept('olga', code),
      ),
    );

    expect(verdicts.filter((verdict) => verdict === 'right')).toHaveLength(1);
  });

  it('takes each recovery code once, and logs how many are left', async () => {
    const { app, secondFactors, phone } = await withSecondFactor();
    const [first = '', second = ''] = phone.recoveryCodes;

    const verdicts = [
      await secondFactors.accept('olga', first),
      await secondFactors.accept('olga', first),
      await secondFactors.accept('olga', second.toUpperCase().replaceAll('-', ' ')),
    ];

    expect(verdicts).toEqual(['right', 'wrong_code', 'right']);
    expect(app.logged()).toContain('"event":"recovery_code_used","account":"olga","left":9');
    expect(app.logged()).toContain('"event":"recovery_code_used","account":"olga","left":8');
    expect(app.logged()).not.toContain(first);
  });

  it('takes a recovery code once, though it is tried ten times at once', async () => {
    const { app, phone } = await withSecondFactor();
    const [code = ''] = phone.recoveryCodes;

    const verdicts = await Promise.all(
      Array.from({ length: 10 }, () => uncounted(app).accept('olga', code)),
    );

    expect(verdicts.filter((verdict) => verdict === 'right')).toHaveLength(1);
  });

  it('takes a recovery code though no key opens its secret', async () => {
    const { app, phone, record } = await withSecondFactor();
    const text = (await record()).replace('v1.test.', 'v1.lost.');
    await app.redis.set(`${app.prefix}second-factor:{olga}`, text);

    const { accept } = app.deps.secondFactors;

    for (let turn = 0; turn < 6; turn += 1) {
      await expect(accept('olga', '123456')).rejects.toMatchObject({ code: 'sealed_unreadable' });
    }

    expect(await accept('olga', phone.recoveryCodes[0] ?? '')).toBe('right');
  });

  it('looks at five wrong codes in a quarter of an hour, and at no right one after that', async () => {
    const { app, secondFactors, phone, clock } = await withSecondFactor();
    const wrong = wrongCode(phone, clock.now());

    const verdicts = [];
    for (let turn = 0; turn < 6; turn += 1)
      verdicts.push(await secondFactors.accept('olga', wrong));
    const right = await secondFactors.accept('olga', phone.codeAt(clock.now()));
    const recovery = await secondFactors.accept('olga', phone.recoveryCodes[0] ?? '');
    const left = await app.redis.pttl(`${app.prefix}limit:second-factor:olga`);

    expect(verdicts).toEqual([...Array<string>(5).fill('wrong_code'), 'too_many_codes']);
    expect([right, recovery]).toEqual(['too_many_codes', 'too_many_codes']);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(900_000);
    expect(app.logged()).toContain(
      '"event":"second_factor_refused","account":"olga","code":"wrong_code"',
    );
    expect(app.logged()).not.toContain(wrong);
  });

  it('looks at five of a hundred that come at once', async () => {
    const { secondFactors, phone, clock } = await withSecondFactor();
    const wrong = wrongCode(phone, clock.now());

    const verdicts = await Promise.all(
      Array.from({ length: 100 }, () => secondFactors.accept('olga', wrong)),
    );

    expect(verdicts.filter((verdict) => verdict === 'wrong_code')).toHaveLength(5);
  });

  it('does not count right codes, nor those of others', async () => {
    const { app, secondFactors, phone, clock } = await withSecondFactor();
    await turnOn(app.deps, 'mia@merchant.example');
    for (let turn = 0; turn < 6; turn += 1) {
      await secondFactors.accept('mia@merchant.example', 'no code');
    }

    const verdicts = [];
    for (let turn = 0; turn < 8; turn += 1) {
      clock.advance(30);
      verdicts.push(await secondFactors.accept('olga', phone.codeAt(clock.now())));
    }

    expect(verdicts).toEqual(Array<string>(8).fill('right'));
  });

  it('has a sign-in give its password again after five tries, whatever else was counted', async () => {
    const { app, secondFactors, phone, clock } = await withSecondFactor();
    const signIn = { id: 'one', account: 'olga' };
    for (let turn = 0; turn < 5; turn += 1) {
      await secondFactors.acceptForSignIn(signIn, 'no code');
      await app.redis.del(`${app.prefix}limit:second-factor:olga`);
    }

    const same = await secondFactors.acceptForSignIn(signIn, phone.codeAt(clock.now()));
    const another = await secondFactors.acceptForSignIn(
      { ...signIn, id: 'two' },
      phone.codeAt(clock.now()),
    );

    expect([same, another]).toEqual(['too_many_codes', 'right']);
  });

  it("does not open with somebody else's record in its place", async () => {
    const { app, secondFactors } = await withSecondFactor();
    await turnOn(app.deps, 'mia@merchant.example');
    const key = (account: string) => `${app.prefix}second-factor:{${account}}`;
    await app.redis.copy(key('olga'), key('mia@merchant.example'), 'REPLACE');

    const accepted = secondFactors.accept('mia@merchant.example', '123456');

    await expect(accepted).rejects.toMatchObject({ code: 'sealed_unreadable' });
  });

  it('takes nothing for an account without one', async () => {
    const { secondFactors, phone, clock } = await withSecondFactor();

    expect(await secondFactors.accept('max@merchant.example', phone.codeAt(clock.now()))).toBe(
      'wrong_code',
    );
  });

  it('is not replaced by another that is turned on at the same time', async () => {
    const { app, record } = await withSecondFactor();
    const before = await record();

    await expect(turnOn(app.deps, 'olga')).rejects.toThrow('was not turned on');

    expect(await record()).toBe(before);
  });
});
