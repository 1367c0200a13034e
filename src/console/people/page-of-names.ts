import type { Search } from '../search.js';

/** One page of a list of names. */
export interface PageOfNames {
  readonly names: readonly string[];
  /** `3 accounts`, `2 of 3 accounts` */
  readonly count: string;
  /** `101 to 200 of 342`; empty when all are on one page. */
  readonly range: string;
  /** Addresses of the pages beside it; empty where there is none. */
  readonly previousHref: string;
  readonly nextHref: string;
}

const namesOnPage = 100;

/** The names that have the query in them, as many as a page has room for; one past the last page means the last. */
export function pageOfNames(all: readonly string[], { query, page: wanted }: Search): PageOfNames {
  const hits = all.filter((name) => name.includes(query.toLowerCase()));
  const pages = Math.max(1, Math.ceil(hits.length / namesOnPage));
  const page = Math.min(wanted, pages);
  const first = (page - 1) * namesOnPage;
  const names = hits.slice(first, first + namesOnPage);
  const accounts = all.length === 1 ? '1 account' : `${all.length} accounts`;
  return {
    names,
    count: hits.length === all.length ? accounts : `${hits.length} of ${accounts}`,
    range: pages === 1 ? '' : `${first + 1} to ${first + names.length} of ${hits.length}`,
    previousHref: page > 1 ? pagePath(query, page - 1) : '',
    nextHref: page < pages ? pagePath(query, page + 1) : '',
  };
}

function pagePath(query: string, page: number): string {
  const words = { ...(query !== '' && { q: query }), page: String(page) };
  return `/console/people?${new URLSearchParams(words)}`;
}
