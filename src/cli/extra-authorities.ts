import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../errors.js';

const certificate = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/**
 * The certificates of a PEM file, one by one: what `EXTRA_CA_FILE` names. None where it is not set.
 *
 * @throws AppError `wrong_setting` when the file cannot be read, or holds no certificate or a broken one.
 */
export function extraAuthorities(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    const found = readFileSync(file, 'utf8').match(certificate) ?? [];
    if (found.length === 0) throw new Error('the file holds no certificate');
    return found.map((pem) => new X509Certificate(pem).toString());
  } catch (error) {
    throw new AppError(
      'wrong_setting',
      'EXTRA_CA_FILE must be a file of certificates in PEM that this user can read.',
      { cause: error },
    );
  }
}
