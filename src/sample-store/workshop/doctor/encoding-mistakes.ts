import { rawUrlEncode } from '../../php-strings.js';
import type { Mistake } from './mistake.js';
import type { Signing } from './signing.js';

const asItIs = (bytes: string) => bytes;

/** What goes wrong with percent-encoding. */
export const encodingMistakes: readonly Mistake[] = [
  {
    name: 'space-as-plus',
    advice: 'A space was encoded as `+`, as forms do. In a base string it is `%20`.',
    variants: (signing) => [
      encoding(signing, (bytes) => rawUrlEncode(bytes).replaceAll('%20', '+')),
    ],
  },
  {
    name: 'encoded-twice',
    advice:
      'Names and values were encoded twice. Decode the query before its pairs are encoded for the base string.',
    variants: (signing) => [encoding(signing, (bytes) => rawUrlEncode(rawUrlEncode(bytes)))],
  },
  {
    name: 'unencoded',
    advice: 'Names and values were not encoded before they were joined. Each is encoded first.',
    variants: (signing) => [encoding(signing, asItIs)],
  },
  {
    name: 'some-characters-unencoded',
    advice:
      "`!`, `'`, `(`, `)`, `*`, `/`, `:` or brackets were left as they are. All but letters, digits and `-._~` is encoded; JavaScript's `encodeURIComponent` leaves out five.",
    variants: (signing) =>
      [/%(21|27|28|29|2A)/g, /%(5B|5D)/g, /%2F/g, /%3A/g, /%2C/g, /%(2C|2F|3A|5B|5D)/g].map(
        (kept) =>
          encoding(signing, (bytes) => rawUrlEncode(bytes).replace(kept, decodeURIComponent)),
      ),
  },
  {
    name: 'tilde-encoded',
    advice: '`~` was encoded as `%7E`. It is one of the characters that are not.',
    variants: (signing) => [
      encoding(signing, (bytes) => rawUrlEncode(bytes).replaceAll('~', '%7E')),
    ],
  },
  {
    name: 'small-hexadecimal',
    advice:
      'Percent escapes were written in small letters. In a base string they are capitals: `%2F`.',
    variants: (signing) => {
      const small = (bytes: string) =>
        rawUrlEncode(bytes).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
      return [
        encoding(signing, small),
        { ...signing, encode: small, encodeAddress: small, encodePairs: small },
      ];
    },
  },
  {
    name: 'parts-unencoded',
    advice:
      'The address or the joined parameters went into the base string as they are. Both are encoded once more.',
    variants: (signing) => [
      { ...signing, encodeAddress: asItIs },
      { ...signing, encodePairs: asItIs },
      { ...signing, encodeAddress: asItIs, encodePairs: asItIs },
    ],
  },
];

function encoding(signing: Signing, encode: Signing['encode']): Signing {
  return { ...signing, encode };
}
