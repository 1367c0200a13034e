import type { Account } from '../../accounts/account.js';
import type { AccountStore } from '../../accounts/account-store.js';
import type { Logger } from '../../log.js';
import type { SecondFactors } from '../../second-factor/second-factors.js';
import type { Done } from '../console-session.js';
import { refusal, type Refusal } from './refusal.js';

export interface ChangePersonDeps {
  readonly accounts: Pick<AccountStore, 'disableUnlessLast' | 'enable' | 'endSignIns'>;
  readonly secondFactors: Pick<SecondFactors, 'turnOff'>;
  readonly log: Logger;
}

/** Does something to an account in the name of an operator. Answers what was done, or why it was not. */
type Change = (deps: ChangePersonDeps, account: Account, by: string) => Promise<Done | Refusal>;

/** What an operator can do to an account, by the last word of the address. */
export const changes: Readonly<Record<string, Change>> = {
  async disable({ accounts, log }, { name }, by) {
    if (name === by) {
      return refusal(409, 'You cannot disable your own account.', 'Another operator can.');
    }
    const outcome = await accounts.disableUnlessLast(name);
    if (outcome === 'last') {
      return refusal(409, `${name} is the last operator who can sign in.`);
    }
    log.info({ event: 'account_disabled', account: name, by });
    return { text: `${name} is disabled.`, next: 'All sign-ins of the account have ended.' };
  },

  async enable({ accounts, log }, { name }, by) {
    await accounts.enable(name);
    log.info({ event: 'account_enabled', account: name, by });
    return { text: `${name} can sign in again.`, next: '' };
  },

  async 'end-sign-ins'({ accounts, log }, { name }, by) {
    await accounts.endSignIns(name);
    log.info({ event: 'sign_ins_ended', account: name, by });
    return { text: `All sign-ins of ${name} have ended.`, next: '' };
  },

  // Whoever has the phone that is lost may be signed in with it.
  async 'second-factor-off'({ accounts, secondFactors }, { name }, by) {
    await secondFactors.turnOff(name, by);
    await accounts.endSignIns(name);
    return {
      text: `The second factor of ${name} is off.`,
      next: 'The password alone signs in again. All sign-ins have ended.',
    };
  },
};
