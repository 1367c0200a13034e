import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token of Magento's says: whose it is, by number and type of user, and between which seconds it is good. */
export interface Claims {
  readonly uid: number;
  readonly utypid: number;
  readonly iat: number;
  readonly exp: number;
}

/** As every token of Magento's begins. */
const header = { kid: '1', alg: 'HS256' };

/** @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1 */
export function signedToken(claims: Claims, key: Buffer): string {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${signatureOf(content, key).toString('base64url')}`;
}

/** The claims of a token that this key has signed, expired or not; `undefined` for any other text. */
export function claimsIn(token: string, key: Buffer): Claims | undefined {
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(`${head}.${payload}`, key);
  if (rest.length > 0 || given.length !== right.length || !timingSafeEqual(given, right)) {
    return undefined;
  }
  // What carries our signature is what we have written.
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signatureOf(content: string, key: Buffer): Buffer {
  return createHmac('sha256', key).update(content).digest();
}
