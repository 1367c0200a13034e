import { readFileSync } from 'node:fs';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import {
  authorityFile,
  type CertificateKind,
} from '../../../src/sample-store/faults/certificates.js';
import { startStore } from '../../support/start-store.js';
import { activatedStore } from '../activated-store.js';
import { authorization, parametersFor } from '../third-party.js';

/** What a caller that trusts the test authority, or nobody, makes of a store with this certificate. */
async function called(certificate: CertificateKind, ca?: Buffer, host = 'localhost') {
  const { store, clock, credentials } = await activatedStore({ tls: { certificate } });
  const { consumerKey, consumerSecret } = credentials();
  const target = '/oauth/token/request';
  const url = new URL(target, store.url.replace('localhost', host));
  const call = { storeUrl: `${url.origin}/`, target };
  const signer = { consumerKey, consumerSecret };
  const header = authorization(call, signer, parametersFor(signer, clock.now()));
  return new Promise<{ storeUrl: string; status: number | undefined; body: string }>(
    (resolve, reject) => {
      https
        .request(url, {
          method: 'POST',
          agent: false,
          ...(ca && { ca }),
          headers: { Authorization: header },
        })
        .on('response', (response) => {
          text(response).then((body) => {
            resolve({ storeUrl: store.url, status: response.statusCode, body });
          }, reject);
        })
        .on('error', reject)
        .end();
    },
  );
}

const authority = readFileSync(authorityFile);

describe('a store over TLS', () => {
  for (const host of ['localhost', '127.0.0.1']) {
    it(`is trusted at ${host} by whoever trusts the test authority, and sees https`, async () => {
      expect(await called('good', authority, host)).toMatchObject({
        storeUrl: expect.stringMatching(/^https:\/\/localhost:\d+\/$/),
        status: 200,
        body: expect.stringMatching(/^oauth_token=/),
      });
    });
  }

  it('has its admin at another port with the same certificate', async () => {
    const { adminUrl } = await startStore({
      adminUrl: 'https://localhost:0/',
      tls: { certificate: 'good' },
    });

    const status = await new Promise((resolve, reject) => {
      https
        .get(adminUrl, { agent: false, ca: authority }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
        .on('error', reject);
    });

    expect(adminUrl).toMatch(/^https:\/\/localhost:[1-9]\d*\/admin\/$/);
    expect(status).toBe(302);
  });

  it('is not trusted without that', async () => {
    await expect(called('good')).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  const bad = {
    'self-signed': 'DEPTH_ZERO_SELF_SIGNED_CERT',
    expired: 'CERT_HAS_EXPIRED',
    'wrong-host': 'ERR_TLS_CERT_ALTNAME_INVALID',
    'unknown-authority': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  } as const;
  for (const [certificate, code] of Object.entries(bad)) {
    it(`has a certificate that is refused: ${certificate}`, async () => {
      await expect(called(certificate as CertificateKind, authority)).rejects.toMatchObject({
        code,
      });
    });
  }
});
