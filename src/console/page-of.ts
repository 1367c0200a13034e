import type { Search } from './search.js';

/** One page of what a search has found. */
export interface PageOf<Hit> {
  readonly rows: readonly Hit[];
  /** `101 to 200 of 342`; empty when all are on one page. */
  readonly range: string;
  /** Addresses of the pages beside it; empty where there is none. */
  readonly previousHref: string;
  readonly nextHref: string;
}

const rowsOnPage = 100;

/** The page that was wanted, as many rows as it has room for; one past the last page means the last. */
export function pageOf<Hit>(
  hits: readonly Hit[],
  { query, page: wanted }: Search,
  listPath: string,
): PageOf<Hit> {
  const pages = Math.max(1, Math.ceil(hits.length / rowsOnPage));
  const page = Math.min(wanted, pages);
  const first = (page - 1) * rowsOnPage;
  const rows = hits.slice(first, first + rowsOnPage);
  const pathOf = (number: number) =>
    `${listPath}?${new URLSearchParams({ ...(query !== '' && { q: query }), page: String(number) })}`;
  return {
    rows,
    range: pages === 1 ? '' : `${first + 1} to ${first + rows.length} of ${hits.length}`,
    previousHref: page > 1 ? pathOf(page - 1) : '',
    nextHref: page < pages ? pathOf(page + 1) : '',
  };
}
