import { createHmac } from 'node:crypto';
import { rawUrlEncode, toBinary } from '../../php-strings.js';
import type { Evidence } from '../evidence.js';
import { bodyPairs, headerPairs, type Pair, queryPairs } from './pairs.js';

/** A parameter as it stands in a base string, beside its decoded name. */
export interface EncodedPair {
  readonly decodedName: string;
  readonly name: string;
  readonly value: string;
}

/** Everything that goes into a signature, so that each part can be got wrong by itself. Strings are binary. */
export interface Signing {
  readonly method: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly pairs: readonly Pair[];
  /** Puts the encoded pairs in order. */
  readonly sort: (pairs: readonly EncodedPair[]) => readonly EncodedPair[];
  /** Encodes a name or a value. */
  readonly encode: (bytes: string) => string;
  /** Encodes the address, and the joined pairs, for the base string. */
  readonly encodeAddress: (bytes: string) => string;
  readonly encodePairs: (bytes: string) => string;
  readonly consumerSecret: string;
  readonly tokenSecret: string;
  /** Makes the key of the two secrets. */
  readonly join: (consumerSecret: string, tokenSecret: string) => string;
  readonly hash: 'sha1' | 'sha256';
  /** The whole base string, where it is not made of the parts above. */
  readonly base?: string;
  /** Writes the signature down; the key is for methods that show it. */
  readonly write: (mac: Buffer, key: string) => string;
}

/** How RFC 5849 signs this call. `undefined` without the secrets. */
export function rightSigning(evidence: Evidence): Signing | undefined {
  const { request, consumerSecret, tokenSecret } = evidence;
  if (consumerSecret === undefined || tokenSecret === undefined) return undefined;
  const fromHeader = headerPairs(request).filter(
    ({ name }) => name !== 'oauth_signature' && name !== 'realm',
  );
  return {
    method: request.method.toUpperCase(),
    scheme: request.scheme,
    host: request.host,
    path: request.target.split('?', 1).join(''),
    pairs: [...fromHeader, ...queryPairs(request), ...bodyPairs(request)],
    sort: byEncodedName,
    encode: rawUrlEncode,
    encodeAddress: rawUrlEncode,
    encodePairs: rawUrlEncode,
    consumerSecret: toBinary(consumerSecret),
    tokenSecret: toBinary(tokenSecret),
    join: (consumer, token) => `${rawUrlEncode(consumer)}&${rawUrlEncode(token)}`,
    hash: namedHash(evidence),
    write: (mac) => mac.toString('base64'),
  };
}

/** The base string of a signing. */
export function baseStringOf(signing: Signing): string {
  if (signing.base !== undefined) return signing.base;
  const pairs = signing.pairs.map(({ name, value }) => ({
    decodedName: name,
    name: signing.encode(name),
    value: signing.encode(value),
  }));
  const joined = signing
    .sort(pairs)
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
  const address = `${signing.scheme}://${signing.host}${signing.path}`;
  return [signing.method, signing.encodeAddress(address), signing.encodePairs(joined)].join('&');
}

/** The signature that comes of a signing. */
export function signatureOf(signing: Signing): string {
  const key = signing.join(signing.consumerSecret, signing.tokenSecret);
  const mac = createHmac(signing.hash, Buffer.from(key, 'latin1'))
    .update(baseStringOf(signing), 'latin1')
    .digest();
  return signing.write(mac, key);
}

/** The signature that the call carries, decoded once. */
export function givenSignature({ request }: Evidence): string | undefined {
  return headerPairs(request).find(({ name }) => name === 'oauth_signature')?.value;
}

/** By name and then by value, both encoded, in the order of bytes. */
function byEncodedName(pairs: readonly EncodedPair[]): readonly EncodedPair[] {
  return pairs.toSorted(
    (one, other) => compare(one.name, other.name) || compare(one.value, other.value),
  );
}

/** The order of bytes. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function namedHash({ request }: Evidence): Signing['hash'] {
  const method = headerPairs(request).find(({ name }) => name === 'oauth_signature_method')?.value;
  return method === 'HMAC-SHA1' ? 'sha1' : 'sha256';
}
