import { supportCode } from '../../src/timeline/support-code.js';

/** Two consumer keys with one support code, found by trying. */
export function twins(): [string, string] {
  const byCode = new Map<string, string>();
  for (let number = 0; ; number += 1) {
    const consumerKey = number.toString(36).padStart(32, '0');
    const code = supportCode(consumerKey);
    const twin = byCode.get(code);
    if (twin !== undefined) return [twin, consumerKey];
    byCode.set(code, consumerKey);
  }
}
