import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A fresh `oauth_nonce` of 32 characters `[0-9a-z]`, which every release stores unchanged and in full. */
export function randomNonce(): string {
  return Array.from({ length: 32 }, () => alphabet[randomInt(alphabet.length)]).join('');
}
