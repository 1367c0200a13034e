import { createHmac } from 'node:crypto';

const stepSeconds = 30;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The code that an authenticator app shows at a time, from a secret in base32.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6238#section-4
 */
export function oneTimePassword(secret: string, at: Date): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 1000 / stepSeconds)));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** Whether a code is the present one, the one before or the one after, since clocks differ. */
export function isOneTimePassword(secret: string, code: string, at: Date): boolean {
  return [-1, 0, 1].some((steps) => {
    const time = new Date(at.getTime() + steps * stepSeconds * 1000);
    return oneTimePassword(secret, time) === code;
  });
}

function fromBase32(text: string): Buffer {
  const bits = text.replace(/./g, (letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
