import type { Credential } from '../credentials/credential.js';
import { momentOf, type Moment } from '../language/moment.js';
import { supportCode } from '../timeline/support-code.js';
import { refusedAccount, type Attempt } from '../timeline/timeline-store.js';
import type { TimelineEvent } from '../timeline/timeline-event.js';
import { told, type Told } from './attempt-story.js';
import { attemptPath, storePath } from './places.js';

/** An attempt to connect a store, as a row of the list has it. */
export interface AttemptView {
  readonly href: string;
  readonly supportCode: string;
  readonly consumerKey: string;
  /** The hosts of the stores that asked, `shop.example, other.example`; else where the popup came from. */
  readonly hosts: string;
  /** Who has signed in last; empty where nobody has. */
  readonly account: string;
  /** All who have, newest first. */
  readonly accounts: string;
  readonly isRefused: boolean;
  readonly began: Moment;
  readonly last: Moment;
  readonly ending: Told;
  readonly returnHost: string;
  /** The store's page, if it is connected. */
  readonly storeHref: string;
  readonly events: readonly (Told & { readonly at: Moment; readonly code: string })[];
}

/** What is known of an attempt; `credential`: of its integration, if that is connected. */
export function attemptView(
  { consumerKey, events }: Attempt,
  credential: Credential | undefined,
  now: Date,
): AttemptView {
  const [last, ...earlier] = events;
  if (!last) throw new Error('an attempt has an event');
  const code = supportCode(consumerKey);
  const accounts = distinct(events.map(accountOf));
  return {
    href: attemptPath(code),
    supportCode: code,
    consumerKey,
    hosts: hostsOf(events, credential).join(', '),
    account: accounts[0] ?? '',
    accounts: accounts.join(', '),
    isRefused: events.some((event) => refusedAccount(event) !== undefined),
    began: momentOf((earlier.at(-1) ?? last).at, now),
    last: momentOf(last.at, now),
    ending: endingOf(last, credential),
    returnHost: distinct(events.map(returnHostOf))[0] ?? '',
    storeHref: credential ? storePath(consumerKey) : '',
    events: events.map((event) => ({
      ...told(event),
      at: momentOf(event.at, now),
      code: event.kind === 'failed' ? event.code : '',
    })),
  };
}

/** How it stands: what happened last, unless the store has been connected since without anybody looking on. */
function endingOf(last: TimelineEvent, credential: Credential | undefined): Told {
  if (!credential || credential.connectedAt <= last.at) return told(last);
  const { account, connectedAt: at } = credential;
  const store = new URL(credential.storeBaseUrl).host;
  return told({ kind: 'connected', account, store, at });
}

function hostsOf(events: readonly TimelineEvent[], credential: Credential | undefined): string[] {
  if (credential) return [new URL(credential.storeBaseUrl).host];
  const [opened] = events.filter((event) => event.kind === 'popup_opened');
  return opened && opened.stores.length > 0
    ? distinct(opened.stores)
    : distinct(events.map(returnHostOf)).slice(0, 1);
}

function accountOf(event: TimelineEvent): string | undefined {
  return 'account' in event ? event.account : undefined;
}

function returnHostOf(event: TimelineEvent): string | undefined {
  return 'returnHost' in event ? event.returnHost : undefined;
}

function distinct(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}
