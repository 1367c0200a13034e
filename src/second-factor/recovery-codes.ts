import { createHash, randomBytes } from 'node:crypto';

const howMany = 10;

/** So many codes that are left, or fewer, are few. */
export const fewCodes = 3;

/** 32 characters that nobody takes for another one. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Ten codes of 80 random bits, as they are shown: `abcd-efgh-ijkl-mnop`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: howMany }, () =>
    Array.from(randomBytes(16), (byte) => alphabet[byte % 32])
      .join('')
      .replace(/.{4}(?=.)/g, '$&-'),
  );
}

/** What is kept of a recovery code. With 80 bits it needs no salt and no slow hash: nobody can try them all. */
export function hashOfRecoveryCode(account: string, code: string): string {
  return createHash('sha256')
    .update(`${account}\n${code.replaceAll('-', '')}`)
    .digest('hex');
}

/** The hash of what was typed, if that has the shape of a recovery code. Spaces, dashes and capitals do not count. */
export function hashOfTyped(account: string, typed: string): string | undefined {
  const code = typed.toLowerCase().replace(/[\s-]/g, '');
  return /^[a-z2-7]{16}$/.test(code) ? hashOfRecoveryCode(account, code) : undefined;
}
