import type { KeyRing, Sealed } from '../credentials/key-ring.js';
import type { Logger } from '../log.js';
import { hashOfRecoveryCode, hashOfTyped, newRecoveryCodes } from './recovery-codes.js';
import { secretPlace, type SecondFactor } from './second-factor.js';
import type { SecondFactorStore } from './second-factor-store.js';
import { newSecret, stepOfCode } from './time-code.js';

/** Counts by key, in windows of one length. */
export interface CodeCounter {
  add(this: void, key: string, points: number): Promise<{ readonly count: number }>;
}

/** What became of a code that was typed. */
export type Verdict = 'right' | 'wrong_code' | 'too_many_codes';

export type SecondFactors = ReturnType<typeof secondFactors>;

/** So many wrong codes are looked at, of an account and in a sign-in; what comes after is refused, right or wrong. */
const mostWrong = 5;

/** The second factors of all accounts: turned on with a first code, asked for at every sign-in. */
export function secondFactors(deps: {
  readonly store: SecondFactorStore;
  readonly ring: KeyRing;
  /** By account, in windows of 15 minutes. Only somebody who knows the password can make it count. */
  readonly wrongCodes: CodeCounter;
  /** By sign-in, in windows that are no shorter than the life of one. */
  readonly triesInSignIn: CodeCounter;
  readonly now: () => Date;
  readonly log: Logger;
}) {
  const { store, ring, wrongCodes, triesInSignIn, now, log } = deps;

  /** Takes a code off the record: its time step is over, or there is one recovery code less. Answers whether it was good. */
  async function take(account: string, typed: string): Promise<boolean> {
    for (;;) {
      const current = await store.find(account);
      const changes =
        current && (recoveryTaken(account, current, typed) ?? stepTaken(account, current, typed));
      if (!changes) return false;
      if (!(await store.change(current, changes))) continue;
      if ('recoveryCodes' in changes) {
        log.warn({ event: 'recovery_code_used', account, left: changes.recoveryCodes.length });
      }
      return true;
    }
  }

  function recoveryTaken(account: string, { recoveryCodes }: SecondFactor, typed: string) {
    const hash = hashOfTyped(account, typed);
    if (hash === undefined || !recoveryCodes.includes(hash)) return undefined;
    return { recoveryCodes: recoveryCodes.filter((other) => other !== hash) };
  }

  function stepTaken(account: string, { secret, lastStep }: SecondFactor, typed: string) {
    const step = stepOfTyped(ring.open(secret, secretPlace(account, 'secret')), typed, lastStep);
    return step === undefined ? undefined : { lastStep: step };
  }

  function stepOfTyped(secret: string, typed: string, after: number): number | undefined {
    const code = typed.replace(/\s/g, '');
    return /^\d{6}$/.test(code) ? stepOfCode(secret, code, now(), after) : undefined;
  }

  async function accept(account: string, typed: string): Promise<Verdict> {
    const { count } = await wrongCodes.add(account, 1);
    if (count > mostWrong) return refused(account, 'too_many_codes');
    let isWrong = false;
    try {
      isWrong = !(await take(account, typed));
    } finally {
      // Neither a right code counts, nor a failure of ours.
      if (!isWrong) await wrongCodes.add(account, -1);
    }
    return isWrong ? refused(account, 'wrong_code') : 'right';
  }

  function refused(account: string, code: Exclude<Verdict, 'right'>) {
    log.warn({ event: 'second_factor_refused', account, code });
    return code;
  }

  return {
    find: store.find,

    async isOn(account: string): Promise<boolean> {
      return (await store.find(account)) !== undefined;
    },

    /**
     * Takes a code of the account's app, or one of its recovery codes: once, whoever else tries it at the same moment.
     * It is counted before it is looked at, so that many at once are not looked at either.
     *
     * @throws AppError `sealed_unreadable`
     */
    accept,

    /** The same in a sign-in that waits for its code; after five tries its password has to be given again. */
    async acceptForSignIn(
      { id, account }: { readonly id: string; readonly account: string },
      typed: string,
    ): Promise<Verdict> {
      const { count } = await triesInSignIn.add(id, 1);
      return count <= mostWrong ? accept(account, typed) : refused(account, 'too_many_codes');
    },

    /** A new secret for an account, as it waits in a session for its first code. */
    newEnrolment(this: void, account: string): Sealed {
      return ring.seal(newSecret(), secretPlace(account, 'enrolment'));
    },

    /** @throws AppError `sealed_unreadable` */
    enrolmentSecret(account: string, enrolment: Sealed): string {
      return ring.open(enrolment, secretPlace(account, 'enrolment'));
    },

    /**
     * Turns the second factor on, if the code is one of the secret's. Answers the recovery codes, which are kept
     * nowhere; `undefined` for a wrong code, or where one is on already.
     */
    async turnOn(
      account: string,
      secret: string,
      typed: string,
    ): Promise<readonly string[] | undefined> {
      const lastStep = stepOfTyped(secret, typed, 0);
      if (lastStep === undefined) return undefined;
      const codes = newRecoveryCodes();
      const isAdded = await store.add({
        account,
        secret: ring.seal(secret, secretPlace(account, 'secret')),
        turnedOnAt: now(),
        lastStep,
        recoveryCodes: codes.map((code) => hashOfRecoveryCode(account, code)),
      });
      if (!isAdded) return undefined;
      log.info({ event: 'second_factor_enabled', account });
      return codes;
    },

    /** Puts new recovery codes in the place of the old ones. `undefined` where no second factor is on. */
    async renewRecoveryCodes(account: string): Promise<readonly string[] | undefined> {
      for (;;) {
        const current = await store.find(account);
        if (!current) return undefined;
        const codes = newRecoveryCodes();
        const recoveryCodes = codes.map((code) => hashOfRecoveryCode(account, code));
        if (!(await store.change(current, { recoveryCodes }))) continue;
        log.info({ event: 'recovery_codes_renewed', account });
        return codes;
      }
    },

    /** `by`: whoever does it, where that is not the account's owner. Answers whether one was on. */
    async turnOff(account: string, by?: string): Promise<boolean> {
      const wasOn = await store.remove(account);
      if (wasOn) log.warn({ event: 'second_factor_disabled', account, by });
      return wasOn;
    },
  };
}
