import { isLike } from './sql-like.js';
import { compare, type Scalar } from './scalars.js';

type Condition = (column: Scalar, value: string) => boolean;

const conditions: Readonly<Record<string, Condition>> = {
  eq: (column, value) => compare(column, value) === 0,
  neq: (column, value) => compare(column, value) !== 0,
  gt: (column, value) => compare(column, value) > 0,
  gteq: (column, value) => compare(column, value) >= 0,
  moreq: (column, value) => compare(column, value) >= 0,
  from: (column, value) => compare(column, value) >= 0,
  lt: (column, value) => compare(column, value) < 0,
  lteq: (column, value) => compare(column, value) <= 0,
  to: (column, value) => compare(column, value) <= 0,
  like: (column, value) => isLike(String(column), value),
  nlike: (column, value) => !isLike(String(column), value),
  in: (column, value) => listed(value).some((one) => compare(column, one) === 0),
  nin: (column, value) => !listed(value).some((one) => compare(column, one) === 0),
  finset: (column, value) => listed(String(column)).some((one) => compare(one, value) === 0),
};

/**
 * Whether a column's content meets a condition. Nothing (`null`) meets only `null`, as in SQL. A condition that Magento
 * does not know is an equality.
 */
export function meets(column: Scalar | null, conditionType: string, value: string): boolean {
  if (conditionType === 'null') return column === null;
  if (column === null) return false;
  if (conditionType === 'notnull') return true;
  const known = Object.hasOwn(conditions, conditionType) ? conditionType : 'eq';
  return conditions[known]?.(column, value) ?? false;
}

function listed(value: string): string[] {
  return value.split(',');
}
