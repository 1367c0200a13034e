/** So many recovery codes, or fewer, are few. */
export const fewCodes = 3;

/** `2 codes left` */
export function codesLeftText(count: number): string {
  return count === 1 ? '1 code left' : `${count} codes left`;
}
