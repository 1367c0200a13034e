import { createHmac } from 'node:crypto';
import type { IncomingRequest } from '../calls/incoming-request.js';
import { rawUrlEncode, toBinary } from '../php-strings.js';
import type { ReleaseTraits, SignatureMethod } from '../releases.js';
import { laminasBaseString } from './laminas-base-string.js';
import { magentoBaseString } from './magento-base-string.js';
import type { ProtocolParameters } from './protocol-parameters.js';
import { zendBaseString } from './zend-base-string.js';

/** How each generation of Magento makes the signature base string. */
export const baseStrings: Readonly<
  Record<
    ReleaseTraits['baseString'],
    (request: IncomingRequest, parameters: ProtocolParameters) => string
  >
> = { zend: zendBaseString, laminas: laminasBaseString, magento: magentoBaseString };

/** What signs. The token secret is empty where there is no token yet. */
export interface Secrets {
  readonly consumerSecret: string;
  readonly tokenSecret: string;
}

const hashes = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' } as const;

/** The signature of a base string, in base64. */
export function signatureOf(
  method: SignatureMethod,
  base: string,
  { consumerSecret, tokenSecret }: Secrets,
): string {
  const key = [consumerSecret, tokenSecret].map((secret) => rawUrlEncode(toBinary(secret)));
  return createHmac(hashes[method], key.join('&')).update(base, 'latin1').digest('base64');
}
