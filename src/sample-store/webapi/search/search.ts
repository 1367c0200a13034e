import { meets } from './conditions.js';
import { compare, type Scalar } from './scalars.js';
import type { Filter, SearchCriteria, SortOrder } from './search-criteria.js';

/** What a column holds in a row: several for a product in several categories, none for NULL. */
export type Column<T> = (row: T) => readonly Scalar[];

/** Finds a column by its name, or throws what Magento answers for a name it does not have. */
export type Columns<T> = (field: string) => Column<T>;

/** The answer to a list: what `total_count` counts is what the filters leave, whichever page is asked for. */
export interface SearchResult<T> {
  readonly items: readonly T[];
  readonly search_criteria: SearchCriteria;
  readonly total_count: number;
}

/** Filters, sorts and cuts rows to a page. */
export function search<T>(
  rows: readonly T[],
  columns: Columns<T>,
  criteria: SearchCriteria,
): SearchResult<T> {
  const groups = criteria.filter_groups.map(({ filters }) =>
    filters.map((filter) => filterBy(columns, filter)),
  );
  const orders = (criteria.sort_orders ?? []).map((order) => orderBy(columns, order));
  const found = rows.filter((row) =>
    groups.every((filters) => filters.length === 0 || filters.some((holds) => holds(row))),
  );
  const sorted = found.toSorted((a, b) => {
    for (const order of orders) {
      const difference = order(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return {
    items: pageOf(sorted, criteria),
    search_criteria: criteria,
    total_count: found.length,
  };
}

function filterBy<T>(columns: Columns<T>, { field, value, condition_type }: Filter) {
  const column = columns(field);
  return (row: T): boolean => {
    const contents = column(row);
    if (contents.length === 0) return meets(null, condition_type, value);
    return contents.some((content) => meets(content, condition_type, value));
  };
}

/** NULL comes first on the way up, as in MySQL. */
function orderBy<T>(columns: Columns<T>, { field, direction }: SortOrder) {
  const column = columns(field);
  const sign = direction === 'ASC' ? 1 : -1;
  return (a: T, b: T): number => {
    const [[one], [other]] = [column(a), column(b)];
    if (one === undefined || other === undefined) {
      return sign * (Number(one !== undefined) - Number(other !== undefined));
    }
    return sign * compare(one, other);
  };
}

/** A page beyond the last one is the last one again: a client that reads until a page is empty never ends. */
function pageOf<T>(rows: readonly T[], { page_size = 0, current_page = 1 }: SearchCriteria) {
  if (page_size <= 0) return rows;
  const last = Math.max(1, Math.ceil(rows.length / page_size));
  const page = Math.min(Math.max(1, current_page), last);
  return rows.slice((page - 1) * page_size, page * page_size);
}
