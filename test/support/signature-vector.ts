import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A request with the signatures that Magento's own PHP classes computed for it. */
export interface SignatureVector {
  readonly id: number;
  readonly note: string;
  readonly method: string;
  readonly url: string;
  readonly oauthParams: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly contentType: string | null;
  readonly consumerSecret: string;
  readonly tokenSecret: string | null;
  readonly rfc5849: { readonly signature: string; readonly baseString: string };
  /** Every generation of Magento computes what RFC 5849 says. */
  readonly allAgree: boolean;
  readonly magento: Readonly<Record<'2.4.6-2.4.7' | 'between' | '2.4.8+', string>>;
}

const file = path.join(import.meta.dirname, 'signature-vectors.json');

export const signatureVectors = (
  JSON.parse(readFileSync(file, 'utf8')) as { vectors: SignatureVector[] }
).vectors;
