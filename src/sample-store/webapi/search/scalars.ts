/** What one column of a row can hold, besides nothing. */
export type Scalar = string | number;

/** Compares as MySQL does: numbers with numbers, text without regard to capitals. */
export function compare(column: Scalar, value: Scalar): number {
  if (typeof column === 'number') return Math.sign(column - numberIn(value));
  const [a, b] = [column.toLowerCase(), String(value).toLowerCase()];
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The number at the beginning of a text, or 0: MySQL compares `34abc` with a number as 34. */
function numberIn(value: Scalar): number {
  const number = Number.parseFloat(String(value));
  return Number.isNaN(number) ? 0 : number;
}
