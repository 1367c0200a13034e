import { headerPairs, type Pair } from './pairs.js';
import { compareNaturally } from '../../oauth/natural-order.js';
import { toBinary } from '../../php-strings.js';
import type { Evidence } from '../evidence.js';
import type { Mistake } from './mistake.js';
import { compare, type Signing } from './signing.js';

/** What goes wrong with which parameters are signed, and in which order. */
export const parameterMistakes: readonly Mistake[] = [
  {
    name: 'query-left-out',
    advice: 'The query was not signed. Each of its pairs is a parameter like those of the header.',
    variants: (signing) => [without(signing, ({ from }) => from === 'query')],
  },
  {
    name: 'body-left-out',
    advice: 'The fields of the form body were not signed. They are parameters as well.',
    variants: (signing) => [without(signing, ({ from }) => from === 'body')],
  },
  {
    name: 'body-included',
    advice: 'A body that is no form was signed. Of JSON nothing goes into the base string.',
    variants: (signing, evidence) => [withPairs(signing, jsonPairs(evidence))],
  },
  {
    name: 'version-left-out',
    advice: '`oauth_version` was sent and not signed.',
    variants: (signing) => [without(signing, ({ name }) => name === 'oauth_version')],
  },
  {
    name: 'version-not-sent',
    advice: '`oauth_version` was signed and not sent.',
    variants: (signing) => [withPairs(signing, [header('oauth_version', '1.0')])],
  },
  {
    name: 'verifier-left-out',
    advice: '`oauth_verifier` was sent and not signed.',
    variants: (signing) => [without(signing, ({ name }) => name === 'oauth_verifier')],
  },
  {
    name: 'token-left-out',
    advice: '`oauth_token` was sent and not signed.',
    variants: (signing) => [without(signing, ({ name }) => name === 'oauth_token')],
  },
  {
    name: 'parameter-left-out',
    advice: 'One parameter was sent and not signed. The table shows which.',
    variants: withoutEach,
  },
  {
    name: 'parameter-not-sent',
    advice: 'An empty `oauth_token` or an `oauth_callback` was signed and not sent.',
    variants: (signing) =>
      [
        header('oauth_token', ''),
        header('oauth_callback', ''),
        header('oauth_callback', 'oob'),
      ].map((pair) => withPairs(signing, [pair])),
  },
  {
    name: 'realm-included',
    advice: '`realm` was signed. It is the one parameter of the header that is not.',
    variants: (signing, { request }) => [
      withPairs(
        signing,
        headerPairs(request).filter(({ name }) => name === 'realm'),
      ),
    ],
  },
  {
    name: 'signature-included',
    advice: 'An empty `oauth_signature` was signed along.',
    variants: (signing) => [withPairs(signing, [header('oauth_signature', '')])],
  },
  {
    name: 'stray-spaces',
    advice:
      'Names or values have spaces at their ends, which were signed without them. Send them without.',
    variants: (signing) => [
      changed(signing, ({ name, value, from }) => ({
        name: name.trim(),
        value: value.trim(),
        from,
      })),
    ],
  },
  {
    name: 'plus-for-space-in-the-query',
    advice: 'The query has `+` where a space was signed. To Magento a plus is a plus: send `%20`.',
    variants: (signing) => [
      changed(signing, (pair) =>
        pair.from === 'query'
          ? {
              ...pair,
              name: pair.name.replaceAll('+', ' '),
              value: pair.value.replaceAll('+', ' '),
            }
          : pair,
      ),
    ],
  },
  {
    name: 'timestamp-of-another-unit',
    advice:
      'Another timestamp was signed than was sent: seconds and milliseconds. Use seconds for both.',
    variants: (signing) =>
      [(text: string) => text.slice(0, -3), (text: string) => `${text}000`].map((unit) =>
        changed(signing, (pair) =>
          pair.name === 'oauth_timestamp' ? { ...pair, value: unit(pair.value) } : pair,
        ),
      ),
  },
  {
    name: 'order',
    advice:
      'The parameters were signed in another order. Sort the encoded pairs by name, byte by byte, all together.',
    variants: (signing) => [
      { ...signing, sort: (pairs) => pairs },
      {
        ...signing,
        sort: (pairs) => pairs.toSorted((a, b) => compare(a.decodedName, b.decodedName)),
      },
      { ...signing, sort: (pairs) => pairs.toSorted((a, b) => compareNaturally(a.name, b.name)) },
      {
        ...signing,
        sort: (pairs) =>
          pairs.toSorted((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase())),
      },
      { ...signing, ...apart(signing, ['header', 'query', 'body']) },
      { ...signing, ...apart(signing, ['query', 'body', 'header']) },
    ],
  },
];

/** Each part sorted by itself, one after the other. */
function apart(signing: Signing, order: readonly Pair['from'][]): Pick<Signing, 'pairs' | 'sort'> {
  const pairs = order.flatMap((from) =>
    signing.pairs
      .filter((pair) => pair.from === from)
      .toSorted((a, b) => compare(signing.encode(a.name), signing.encode(b.name))),
  );
  return { pairs, sort: (encoded) => encoded };
}

/** One after the other: all at once they would be as many copies of all pairs as there are pairs. */
function* withoutEach(signing: Signing): Iterable<Signing> {
  for (const left of signing.pairs) yield without(signing, (pair) => pair === left);
}

function without(signing: Signing, leaveOut: (pair: Pair) => boolean): Signing {
  return { ...signing, pairs: signing.pairs.filter((pair) => !leaveOut(pair)) };
}

function withPairs(signing: Signing, more: readonly Pair[]): Signing {
  return { ...signing, pairs: [...signing.pairs, ...more] };
}

function changed(signing: Signing, change: (pair: Pair) => Pair): Signing {
  return { ...signing, pairs: signing.pairs.map(change) };
}

function header(name: string, value: string): Pair {
  return { name, value, from: 'header' };
}

/** The fields of a JSON object that have a text for a value, and the body as a whole where there are none. */
function jsonPairs({ request }: Evidence): readonly Pair[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(request.body, 'latin1').toString('utf8'));
    return Object.entries(fields ?? {})
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => ({
        name: toBinary(name),
        value: toBinary(String(value)),
        from: 'body',
      }));
  } catch {
    return [];
  }
}
