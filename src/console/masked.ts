/** A secret as it may be seen: dots, the same number for all, and the last four characters of a long one. */
export function masked(secret: string): string {
  return `••••••••${secret.length >= 16 ? secret.slice(-4) : ''}`;
}
