import { generateSync } from 'otplib';
import type { Deps } from '../../src/app.js';
import { hiddenFields } from './activation.js';
import type { Visitor } from './popup.js';

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

/** The secret that the console's page shows, in groups of four. */
export function secretOn(page: string): string {
  return /<code class="copy">([A-Z2-7 ]{39})<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? '';
}

export function recoveryCodesOn(page: string): string[] {
  return [...page.matchAll(/<li><code>([a-z2-7-]{19})<\/code>/g)].map(([, code = '']) => code);
}

/** Turns a second factor on in the console of a running app, in a browser in which its operator is signed in. */
export async function enrol(browser: Visitor, password: string): Promise<Phone> {
  const address = '/account/second-factor';
  const { text } = await browser.get(address);
  const secret = secretOn(text);
  const code = phoneWith(secret).codeAt(new Date());
  const answer = await browser
    .post(`${address}/turn-on`)
    .type('form')
    .send({ ...hiddenFields(text), password, code });
  return phoneWith(secret, recoveryCodesOn(answer.text));
}

/** What the app will show next, which the server's clock takes already. */
export function nextCode(phone: Phone): string {
  return phone.codeAt(new Date(Date.now() + 30_000));
}
