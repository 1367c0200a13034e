import { generateSync } from 'otplib';
import type { Deps } from '../../src/app.js';

/** What a person holds who has a second factor. */
export interface Phone {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** The six digits that its authenticator app shows at this moment. */
  codeAt(now: Date): string;
}

/** A phone that was given this secret. */
export function phoneWith(secret: string, recoveryCodes: readonly string[] = []): Phone {
  const codeAt = (now: Date) => generateSync({ secret, epoch: Math.floor(now.getTime() / 1000) });
  return { secret, recoveryCodes, codeAt };
}

/** Turns a second factor on, with the code of half a minute ago, so that the present one is still good. */
export async function turnOn(
  deps: Pick<Deps, 'secondFactors' | 'now'>,
  account: string,
): Promise<Phone> {
  const { secondFactors, now } = deps;
  const secret = secondFactors.enrolmentSecret(account, secondFactors.newEnrolment(account));
  const before = new Date(now().getTime() - 30_000);
  const codes = await secondFactors.turnOn(account, secret, phoneWith(secret).codeAt(before));
  if (!codes) throw new Error(`the second factor of ${account} was not turned on`);
  return phoneWith(secret, codes);
}
