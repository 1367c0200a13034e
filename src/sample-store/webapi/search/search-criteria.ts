import { MagentoError, missingParameters } from '../../calls/magento-error.js';
import { memberOf, type PhpArray } from '../php-array.js';
import { listOf, properties } from '../typed-input.js';

export interface Filter {
  readonly field: string;
  readonly value: string;
  readonly condition_type: string;
}

export interface SortOrder {
  readonly field: string;
  readonly direction: 'ASC' | 'DESC';
}

/** What a list was asked for, in the spelling in which the answer repeats it. */
export interface SearchCriteria {
  /** All groups must hold; within a group one filter is enough. */
  readonly filter_groups: readonly { readonly filters: readonly Filter[] }[];
  readonly sort_orders?: readonly SortOrder[];
  readonly page_size?: number;
  readonly current_page?: number;
}

/**
 * Reads `searchCriteria`, or `search_criteria`. Without it there is no list, but anything will do for one: an empty
 * value, `all`.
 */
export function searchCriteriaOf(input: PhpArray): SearchCriteria {
  const given = memberOf(input, 'searchCriteria') ?? memberOf(input, 'search_criteria');
  if (given === undefined) throw missingParameters(['searchCriteria']);
  const { filter_groups, sort_orders, page_size, current_page } = properties(given, {
    filter_groups: 'array',
    sort_orders: 'array',
    page_size: 'int',
    current_page: 'int',
  });
  return {
    filter_groups: listOf(filter_groups).map((group) => {
      const { filters } = properties(group, { filters: 'array' });
      return { filters: listOf(filters).map(filterOf) };
    }),
    ...(sort_orders !== undefined && { sort_orders: listOf(sort_orders).map(sortOrderOf) }),
    ...(typeof page_size === 'number' && { page_size }),
    ...(typeof current_page === 'number' && { current_page }),
  };
}

function filterOf(value: unknown): Filter {
  const filter = properties(value, { field: 'string', value: 'string', condition_type: 'string' });
  return {
    field: text(filter['field']),
    value: text(filter['value']),
    condition_type: text(filter['condition_type']) || 'eq',
  };
}

/** Magento sorts downwards unless it is told `ASC`. */
function sortOrderOf(value: unknown): SortOrder {
  const { field, direction } = properties(value, { field: 'string', direction: 'string' });
  const given = text(direction ?? 'DESC').toUpperCase();
  if (given !== 'ASC' && given !== 'DESC') {
    throw new MagentoError(
      400,
      'The sort order has to be specified as %1 for ascending order or %2 for descending order.',
      ['ASC', 'DESC'],
    );
  }
  return { field: text(field), direction: given };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
