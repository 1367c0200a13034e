import { hash } from 'node:crypto';

/** Letters and digits that are not mistaken for one another when read out on the telephone. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

const typedCode = new RegExp(`^(?:ACT)?([${alphabet}]{6})$`);

/**
 * A short name for an integration, `ACT-7F3KQ9`: shown to the merchant and written to the log in the place of
 * the consumer key, from which it is derived but which it does not give away.
 */
export function supportCode(consumerKey: string): string {
  let code = 'ACT-';
  for (const byte of hash('sha256', consumerKey, 'buffer').subarray(0, 6)) {
    code += alphabet.charAt(byte % 32);
  }
  return code;
}

/**
 * The support code that somebody has typed: `act 7f3k q9`, `7F3KQ9` and `ACT-7F3KQ9` are one. `undefined` when it is
 * none, or only a part of one.
 */
export function readSupportCode(typed: string): string | undefined {
  // Dashes come in many lengths where text was copied from a message.
  const [, characters] = typedCode.exec(typed.toUpperCase().replace(/[\s\p{Pd}]/gu, '')) ?? [];
  return characters === undefined ? undefined : `ACT-${characters}`;
}
