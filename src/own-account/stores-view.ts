import type { CheckResult, Credential } from '../credentials/credential.js';
import type { Notice } from '../credentials/notice-store.js';
import { addressesToPaste, type AddressesToPaste } from '../http/addresses.js';
import type { Invitation } from '../invitations/invitation.js';
import { momentOf, type Moment } from '../language/moment.js';
import type { Speech } from '../language/speech.js';
import { supportCode } from '../timeline/support-code.js';
import { storePath } from './own-store.js';

/** How a store fares, and what that means to its owner. */
type State = keyof typeof meanings;

/** What its owner reads of one store. */
export interface StoreView {
  readonly host: string;
  readonly path: string;
  /** `Connected` */
  readonly word: string;
  readonly meaning: 'good' | 'caution' | 'bad' | 'unknown';
  /** What to do now, if anything. */
  readonly next: string;
  /** When it was last checked; `undefined`: never. */
  readonly checked: Moment | undefined;
  readonly connected: Moment;
  readonly supportCode: string;
}

/** A pair of addresses to paste, and the one host that it is for; empty: any. */
export interface PairView extends AddressesToPaste {
  readonly host: string;
}

/** What the list of an account's stores places. */
export interface StoresView {
  readonly stores: readonly StoreView[];
  /**
   * What connects another store: of an account that was invited one pair for each host, the one for any host first; else
   * the one for everybody.
   */
  readonly pairs: readonly PairView[];
}

const meanings = {
  connected: 'good',
  connected_without_permission: 'caution',
  refused: 'bad',
  undecided: 'caution',
  unreachable: 'bad',
  not_checked: 'unknown',
  superseded: 'caution',
  suspicious: 'bad',
} as const satisfies Record<
  CheckResult | NonNullable<Notice['lastPost']>['verdict'] | 'not_checked',
  StoreView['meaning']
>;

/** The stores of one account, each with its state, its last check and what to do. */
export function storesView(
  speech: Speech,
  facts: {
    readonly credentials: readonly Credential[];
    /** Of each credential, in the same order. */
    readonly notices: readonly (Notice | undefined)[];
    readonly invitations: readonly Pick<Invitation, 'token' | 'storeHost'>[];
    readonly publicUrl: string;
    readonly now: Date;
  },
): StoresView {
  const { t } = speech;
  const { now } = facts;
  return {
    stores: facts.credentials.map((credential, place) => {
      const state = stateOf(credential, facts.notices[place]);
      const { lastCheck, storeBaseUrl, connectedAt } = credential;
      const code = supportCode(credential.consumerKey);
      return {
        host: new URL(storeBaseUrl).host,
        path: storePath(code),
        word: t(`account.state.${state}.word`),
        meaning: meanings[state],
        next: t(`account.state.${state}.next`),
        checked: lastCheck && momentOf(lastCheck.at, now, speech),
        connected: momentOf(connectedAt, now, speech),
        supportCode: code,
      };
    }),
    pairs: pairsOf(facts),
  };
}

function pairsOf({
  invitations,
  publicUrl,
}: {
  readonly invitations: readonly Pick<Invitation, 'token' | 'storeHost'>[];
  readonly publicUrl: string;
}): PairView[] {
  const newest = new Map<string, AddressesToPaste>();
  for (const { token, storeHost = '' } of invitations) {
    if (!newest.has(storeHost)) newest.set(storeHost, addressesToPaste(publicUrl, token));
  }
  if (newest.size === 0) newest.set('', addressesToPaste(publicUrl));
  const pairs = Array.from(newest, ([host, addresses]) => ({ ...addresses, host }));
  // Above the first pair stands no host: two of them would read as one's.
  return pairs.sort((one, other) => Number(one.host !== '') - Number(other.host !== ''));
}

/** What a POST for the store turned out to be counts before the last check: it is what its owner has to act on. */
function stateOf({ lastCheck }: Credential, notice: Notice | undefined): State {
  return notice?.lastPost?.verdict ?? lastCheck?.result ?? 'not_checked';
}
