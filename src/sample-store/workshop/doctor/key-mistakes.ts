import { headerPairs } from './pairs.js';
import { rawUrlEncode } from '../../php-strings.js';
import type { Evidence } from '../evidence.js';
import type { Mistake } from './mistake.js';

/** What goes wrong with the key of the HMAC. */
export const keyMistakes: readonly Mistake[] = [
  {
    name: 'key-without-ampersand',
    advice:
      'The two secrets were joined without the `&` between them. It belongs there even when there is no token secret yet.',
    variants: (signing) => [
      { ...signing, join: (consumer, token) => rawUrlEncode(consumer) + rawUrlEncode(token) },
    ],
  },
  {
    name: 'secrets-swapped',
    advice:
      'The token secret stands before the consumer secret. The key is `consumer secret&token secret`.',
    variants: (signing) => [
      {
        ...signing,
        consumerSecret: signing.tokenSecret,
        tokenSecret: signing.consumerSecret,
      },
    ],
  },
  {
    name: 'token-secret-left-out',
    advice:
      "Only the consumer secret was used. A call that names a token is signed with that token's secret, too.",
    variants: (signing) => [{ ...signing, tokenSecret: '' }],
  },
  {
    name: 'consumer-secret-left-out',
    advice: 'Only the token secret was used. The consumer secret stands before the `&`.',
    variants: (signing) => [{ ...signing, consumerSecret: '' }],
  },
  {
    name: 'verifier-as-token-secret',
    advice:
      'The verifier was used as the token secret. It is only a parameter; the secret is the one that came with the request token.',
    variants: (signing, evidence) =>
      valuesOf(evidence, 'oauth_verifier').map((tokenSecret) => ({ ...signing, tokenSecret })),
  },
  {
    name: 'key-as-secret',
    advice: 'The consumer key or the token itself was used in the place of its secret.',
    variants: (signing, evidence) => {
      const [consumerSecret = ''] = valuesOf(evidence, 'oauth_consumer_key');
      const [tokenSecret = ''] = valuesOf(evidence, 'oauth_token');
      return [
        { ...signing, consumerSecret },
        { ...signing, tokenSecret },
        { ...signing, consumerSecret, tokenSecret },
      ];
    },
  },
  {
    name: 'secrets-unencoded',
    advice: 'The secrets went into the key as they are. Each is percent-encoded first.',
    variants: (signing) => [{ ...signing, join: (consumer, token) => `${consumer}&${token}` }],
  },
  {
    name: 'key-encoded-as-a-whole',
    advice:
      'The key was percent-encoded as a whole, so that its `&` became `%26`. Encode each secret, then join them.',
    variants: (signing) => [
      { ...signing, join: (consumer, token) => rawUrlEncode(`${consumer}&${token}`) },
    ],
  },
  {
    name: 'space-around-a-secret',
    advice: 'A line break or a space was copied along with a secret.',
    variants: (signing) =>
      ['\n', '\r\n', ' '].flatMap((space) => [
        { ...signing, consumerSecret: signing.consumerSecret + space },
        { ...signing, tokenSecret: signing.tokenSecret + space },
      ]),
  },
];

function valuesOf({ request }: Evidence, wanted: string): string[] {
  return headerPairs(request)
    .filter(({ name }) => name === wanted)
    .map(({ value }) => value);
}
