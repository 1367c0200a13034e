/**
 * Compares as PHP's `strnatcmp` does, which is how releases up to 2.4.7 sort the encoded names: runs of digits
 * count as numbers, unless one begins with 0; zeros at the start of the whole text do not count. Negative,
 * zero or positive; zero does not mean equal (`01` and `1`). Expects ASCII without white space.
 */
export function compareNaturally(a: string, b: string): number {
  const left = pieces(a);
  const right = pieces(b);
  for (const [i, piece] of left.entries()) {
    const order = comparePieces(piece, right[i] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function pieces(text: string): string[] {
  return text.replace(/^0+(?=\d)/, '').match(/\d+|\D/g) ?? [];
}

function comparePieces(a: string, b: string): number {
  if (isNumber(a) && isNumber(b) && a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isNumber(piece: string): boolean {
  return /^[1-9]/.test(piece);
}
