import { rawUrlEncode } from '../../php-strings.js';
import type { Mistake } from './mistake.js';
import type { Signing } from './signing.js';

/** What goes wrong with the HMAC itself and with writing it down. */
export const signatureMistakes: readonly Mistake[] = [
  {
    name: 'another-hash',
    advice:
      '`oauth_signature_method` names one hash and the signature was made with the other. Use HMAC-SHA256 for both.',
    variants: (signing) => [{ ...signing, hash: signing.hash === 'sha1' ? 'sha256' : 'sha1' }],
  },
  {
    name: 'hexadecimal',
    advice: 'The signature was written in hexadecimal. It is the base64 of the bytes themselves.',
    variants: (signing) => [
      { ...signing, write: (mac) => mac.toString('hex') },
      { ...signing, write: (mac) => mac.toString('hex').toUpperCase() },
    ],
  },
  {
    name: 'base64-of-hexadecimal',
    advice:
      'The signature is the base64 of a hexadecimal text. Ask your HMAC function for bytes (in PHP the fourth argument, `true`).',
    variants: (signing) => [
      { ...signing, write: (mac) => Buffer.from(mac.toString('hex')).toString('base64') },
    ],
  },
  {
    name: 'base64-of-another-kind',
    advice: 'The signature lacks its `=` at the end, or has `-` and `_`. Use ordinary base64.',
    variants: (signing) => [
      { ...signing, write: (mac) => mac.toString('base64url') },
      { ...signing, write: (mac) => mac.toString('base64').replaceAll('=', '') },
      {
        ...signing,
        write: (mac) => mac.toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
      },
    ],
  },
  {
    name: 'signature-encoded-twice',
    advice:
      'The signature was percent-encoded twice. Encode it once, when it is put into the header.',
    variants: (signing) => [rewritten(signing, rawUrlEncode)],
  },
  {
    name: 'plus-lost-from-the-signature',
    advice:
      'A `+` of the signature arrived as a space. Percent-encode the signature in the header.',
    variants: (signing) => [rewritten(signing, (text) => text.replaceAll('+', ' '))],
  },
  {
    name: 'plaintext',
    advice:
      'The signature is the key itself (PLAINTEXT). Magento has never taken that: use HMAC-SHA256.',
    variants: (signing) => [{ ...signing, write: (_, key) => key }],
  },
];

function rewritten(signing: Signing, change: (text: string) => string): Signing {
  return { ...signing, write: (mac, key) => change(signing.write(mac, key)) };
}
