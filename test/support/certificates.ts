import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from '@jest/globals';

/** What a TLS server shows, both in PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority that nobody knows yet. */
export function newAuthority() {
  const folder = mkdtempSync(path.join(tmpdir(), 'mi-authority-'));
  folders.push(folder);
  const inFolder = (name: string) => path.join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const [ownKey, ownCert] = [inFolder('authority.key'), inFolder('authority.pem')];
  const ownName = ['-subj', '/CN=An authority of a test'];
  openssl('req', '-x509', ...newKey, ...ownName, '-keyout', ownKey, '-out', ownCert);
  return {
    /** The path of its own certificate, in PEM. */
    file: ownCert,
    cert: readFileSync(ownCert, 'utf8'),
    /** What it would show as a server: a certificate it signed itself. */
    itself: { key: readFileSync(ownKey, 'utf8'), cert: readFileSync(ownCert, 'utf8') },

    /** A certificate for a host, `DNS:shop.example` or `IP:127.0.0.1`, that runs out in so many days. */
    issue(host: string, days = 2): KeyPair {
      const [key, request, cert] = ['key', 'csr', 'pem'].map((kind) => inFolder(`host.${kind}`));
      const extensions = inFolder('host.ext');
      writeFileSync(extensions, `subjectAltName=${host}`);
      openssl('req', ...newKey, '-subj', '/CN=A store', '-keyout', key!, '-out', request!);
      const signer = ['-CA', ownCert, '-CAkey', ownKey, '-CAcreateserial'];
      const limits = ['-days', String(days), '-extfile', extensions];
      openssl('x509', '-req', '-in', request!, ...signer, ...limits, '-out', cert!);
      return { key: readFileSync(key!, 'utf8'), cert: readFileSync(cert!, 'utf8') };
    },
  };
}
