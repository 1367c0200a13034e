import type { Credential } from '../credentials/credential.js';
import type { Notice } from '../credentials/notice-store.js';
import { addressesToPaste, type AddressesToPaste } from '../http/addresses.js';
import { momentOf, type Moment } from '../language/moment.js';
import { readSupportCode, supportCode } from '../timeline/support-code.js';
import type { Attempt } from '../timeline/timeline-store.js';
import { checkView, type CheckView } from './check-view.js';
import type { Done } from './console-session.js';
import type { FrameView } from './frame-view.js';
import { noticeView, type NoticeView } from './notice-view.js';
import { pageOf, type PageOf } from './page-of.js';
import { attemptPath, storePath } from './places.js';
import type { Search } from './search.js';

export interface StoreRow {
  readonly href: string;
  readonly host: string;
  /** What the row says under the pointer: the whole host and the exact times. */
  readonly title: string;
  readonly account: string;
  readonly connected: Moment;
  readonly check: CheckView;
  readonly notice: NoticeView | undefined;
  /** Whether another account has been refused of late. */
  readonly isRefused: boolean;
}

/** What the list of stores places. */
export interface StoreListView extends PageOf<StoreRow> {
  readonly frame: FrameView;
  readonly notice: Done | undefined;
  readonly query: string;
  /** The support code that was searched for, where it is that of an attempt, and the page of that. */
  readonly attempt: { readonly code: string; readonly href: string } | undefined;
  readonly addresses: AddressesToPaste;
  /** `nothing-yet`: no store was ever connected; `no-hit`: some are, but none that was searched for. */
  readonly state: 'nothing-yet' | 'no-hit' | 'rows';
  /** `3 stores`, `2 of 3 stores, 1 with a notice` */
  readonly count: string;
}

interface Hit {
  readonly credential: Credential;
  readonly notice: NoticeView | undefined;
  readonly isRefused: boolean;
}

/** The stores that a search finds: by part of the host or of the account's name, by the whole consumer key or support code. */
export function storeListView(facts: {
  readonly frame: FrameView;
  readonly notice: Done | undefined;
  readonly credentials: readonly Credential[];
  /** Of each credential, in the same order. */
  readonly notices: readonly (Notice | undefined)[];
  /** When an account was refused last, by consumer key. */
  readonly refusals: ReadonlyMap<string, Date>;
  readonly search: Search;
  /** Those that a support code in the search stands for. */
  readonly attempts: readonly Attempt[];
  readonly publicUrl: string;
  readonly now: Date;
}): StoreListView {
  const { credentials, notices, refusals, attempts, now } = facts;
  const { query } = facts.search;
  const hits = credentials
    .map((credential, place) => ({
      credential,
      notice: noticeView(notices[place], now),
      isRefused: isSince(refusals.get(credential.consumerKey), credential),
    }))
    .filter(({ credential }) => isHit(credential, query));
  const { rows, ...page } = pageOf(hits, facts.search, '/console');
  return {
    frame: facts.frame,
    notice: facts.notice,
    query,
    attempt: attempts[0] && attemptLink(attempts[0]),
    addresses: addressesToPaste(facts.publicUrl),
    state: credentials.length === 0 ? 'nothing-yet' : hits.length === 0 ? 'no-hit' : 'rows',
    count: countOf(hits.length, credentials.length, hits.filter(({ notice }) => notice).length),
    rows: rows.map((hit) => rowOf(hit, now)),
    ...page,
  };
}

function isHit({ storeBaseUrl, account, consumerKey }: Credential, query: string): boolean {
  const text = query.toLowerCase();
  const code = readSupportCode(query);
  return (
    hostOf(storeBaseUrl).includes(text) ||
    account.includes(text) ||
    consumerKey === query ||
    (code !== undefined && supportCode(consumerKey) === code)
  );
}

function isSince(refusedAt: Date | undefined, { connectedAt }: Credential): boolean {
  return refusedAt !== undefined && refusedAt >= connectedAt;
}

function attemptLink({ consumerKey }: Attempt): { readonly code: string; readonly href: string } {
  const code = supportCode(consumerKey);
  return { code, href: attemptPath(code) };
}

function rowOf({ credential, notice, isRefused }: Hit, now: Date): StoreRow {
  const host = hostOf(credential.storeBaseUrl);
  const connected = momentOf(credential.connectedAt, now);
  const check = checkView(credential, now);
  return {
    href: storePath(credential.consumerKey),
    host,
    title: `${host}: connected ${connected.exact}${check.at ? `, checked ${check.at.exact}` : ''}`,
    account: credential.account,
    connected,
    check,
    notice,
    isRefused,
  };
}

function countOf(hits: number, all: number, noticed: number): string {
  const stores = all === 1 ? '1 store' : `${all} stores`;
  const found = hits === all ? stores : `${hits} of ${stores}`;
  return noticed === 0 ? found : `${found}, ${noticed} with a notice`;
}

function hostOf(storeBaseUrl: string): string {
  return new URL(storeBaseUrl).host;
}
