import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, 'certificates');

/** What can be right or wrong with the certificate of a store that is called over TLS. */
export const certificateKinds = [
  'good',
  'self-signed',
  'expired',
  'wrong-host',
  'unknown-authority',
] as const;

export type CertificateKind = (typeof certificateKinds)[number];

/** The certificate of the test authority that has signed all but two of them; whoever trusts it trusts `good`. */
export const authorityFile = path.join(folder, 'authority.pem');

/** A certificate for localhost and its key, as a TLS server takes them. */
export function certificateOf(kind: CertificateKind): { cert: Buffer; key: Buffer } {
  return {
    cert: readFileSync(path.join(folder, `${kind}.pem`)),
    key: readFileSync(path.join(folder, 'key.pem')),
  };
}
