import { generateSecret, generateURI, verifySync } from 'otplib';

/** How long a code is shown, in seconds. What every authenticator app takes: SHA-1, 30 seconds, six digits. */
const stepSeconds = 30;

/** A secret of 160 bits in base32, as RFC 4226 wants it for SHA-1. */
export function newSecret(): string {
  return generateSecret();
}

/**
 * The time step that a code of six digits belongs to: the present one, the one before or the one after, for clocks that
 * differ. `undefined` when it is the code of none of these, or of a step that is not later than `after`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6238#section-5.2
 */
export function stepOfCode(
  secret: string,
  code: string,
  now: Date,
  after: number,
): number | undefined {
  const epoch = Math.floor(now.getTime() / 1000);
  const result = verifySync({ secret, token: code, epoch, epochTolerance: stepSeconds });
  if (!result.valid || !('timeStep' in result)) return undefined;
  return result.timeStep > after ? result.timeStep : undefined;
}

/** The address that an authenticator app reads from the QR code: the secret, and the names it shows beside its codes. */
export function enrolmentAddress(secret: string, account: string, host: string): string {
  return generateURI({ issuer: `Magento integration (${host})`, label: account, secret });
}
