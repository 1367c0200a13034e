/**
 * PHP's `strnatcmp`: runs of digits count as numbers, unless one of two begins with 0, which makes them
 * fractions; zeros at the start of a text do not count. Zero does not mean equal (`01` and `1`).
 * Expects ASCII without white space.
 *
 * @see https://www.php.net/manual/en/function.strnatcmp.php
 */
export function compareNaturally(a: string, b: string): number {
  if (a === '' || b === '') return a.length - b.length;
  let left = withoutLeadingZeros(a);
  let right = withoutLeadingZeros(b);
  while (left !== '' && right !== '') {
    const x = /^\d*/.exec(left)?.[0] ?? '';
    const y = /^\d*/.exec(right)?.[0] ?? '';
    const areNumbers = x !== '' && y !== '';
    const order = areNumbers ? compareDigits(x, y) : compareText(left.charAt(0), right.charAt(0));
    if (order !== 0) return order;
    left = left.slice(areNumbers ? x.length : 1);
    right = right.slice(areNumbers ? y.length : 1);
  }
  return left.length - right.length;
}

function withoutLeadingZeros(text: string): string {
  return text.replace(/^0+(?=\d)/, '');
}

function compareDigits(a: string, b: string): number {
  const areFractions = a.startsWith('0') || b.startsWith('0');
  if (areFractions || a.length === b.length) return compareText(a, b);
  return a.length - b.length;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
