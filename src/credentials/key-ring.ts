import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { AppError } from '../errors.js';
import { freshIv } from './fresh-iv.js';

/** A secret at rest: `v1.<keyId>.<iv>.<ciphertext>.<tag>`, the last three in base64url. */
export type Sealed = string & { readonly __brand: 'Sealed' };

/** Where a sealed value lives. It opens only there: moved to another record or field, it is refused. */
export type SealedPlace = PlaceOfStore | PlaceOfAccount;

/** In what belongs to an integration of a store. */
export interface PlaceOfStore {
  readonly kind: 'activation' | 'canary' | 'credential' | 'popup';
  readonly consumerKey: string;
  readonly field: string;
  readonly storeOrigin: string;
}

/** In what belongs to a person. */
export interface PlaceOfAccount {
  readonly kind: 'second-factor';
  readonly account: string;
  readonly field: string;
}

/** A key of 32 bytes, and the name that stands in what it seals. */
export interface NamedKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Seals with the first key, opens with any. */
export interface KeyRing {
  readonly firstId: string;
  has(this: void, id: string): boolean;
  seal(this: void, secret: string, place: SealedPlace): Sealed;
  /** @throws AppError `sealed_unreadable` when the key is not on the ring, or the value was changed or moved. */
  open(this: void, sealed: Sealed, place: SealedPlace): string;
  /** The same secret under the first key; the very same value where it is sealed with that. Throws as `open` does. */
  reseal(this: void, sealed: Sealed, place: SealedPlace): Sealed;
}

const cipher = 'aes-256-gcm';
const tagBytes = 16;

/** A ring of one or more keys of 32 bytes each, for AES-256-GCM with a random 96-bit IV (NIST SP 800-38D). */
export function keyRing(keys: readonly NamedKey[]): KeyRing {
  const secretKeys = keys.map(({ id, key }) => ({ id, key: createSecretKey(key) }));
  const byId = new Map(secretKeys.map(({ id, key }) => [id, key]));
  const [first] = secretKeys;
  if (!first) throw new AppError('wrong_setting', 'ENCRYPTION_KEYS holds no key.');

  const ring: KeyRing = {
    firstId: first.id,

    has: (id) => byId.has(id),

    seal(secret, place) {
      const iv = freshIv();
      const encryption = createCipheriv(cipher, first.key, iv, { authTagLength: tagBytes });
      encryption.setAAD(additionalData(place));
      // GCM's `final` adds nothing to the text.
      const ciphertext = encryption.update(secret, 'utf8');
      encryption.final();
      const tag = encryption.getAuthTag();
      const parts = `${iv.toString('base64url')}.${ciphertext.toString('base64url')}.${tag.toString('base64url')}`;
      return `v1.${first.id}.${parts}` as Sealed;
    },

    open(sealed, place) {
      const [version, id = '', iv = '', ciphertext = '', tag = '', ...others] = sealed.split('.');
      const key = byId.get(id);
      if (version !== 'v1' || !key || others.length > 0) {
        throw new AppError(
          'sealed_unreadable',
          `no key on the ring opens ${place.kind} ${place.field}`,
        );
      }
      try {
        const decryption = createDecipheriv(cipher, key, Buffer.from(iv, 'base64url'), {
          authTagLength: tagBytes,
        });
        decryption.setAAD(additionalData(place));
        decryption.setAuthTag(Buffer.from(tag, 'base64url'));
        return Buffer.concat([
          decryption.update(Buffer.from(ciphertext, 'base64url')),
          decryption.final(),
        ]).toString('utf8');
      } catch (error) {
        throw new AppError(
          'sealed_unreadable',
          `${place.kind} ${place.field} was changed, moved, or sealed with another key of the same id`,
          { cause: error },
        );
      }
    },

    reseal(sealed, place) {
      const secret = ring.open(sealed, place);
      return keyIdOf(sealed) === first.id ? sealed : ring.seal(secret, place);
    },
  };
  return ring;
}

/** Whether a key on the ring opens this in its place. */
export function opens(ring: KeyRing, sealed: Sealed, place: SealedPlace): boolean {
  try {
    ring.open(sealed, place);
    return true;
  } catch {
    return false;
  }
}

/** The id of the key that has sealed this; `undefined` for what is no sealed value, of which nothing may be shown. */
export function keyIdOf(sealed: string): string | undefined {
  return /^v1\.([A-Za-z0-9_-]{1,32})(?:\.[\w-]*){3}$/.exec(sealed)?.[1];
}

function additionalData(place: SealedPlace): Buffer {
  const parts =
    place.kind === 'second-factor'
      ? [place.kind, place.account, place.field]
      : [place.kind, place.consumerKey, place.field, place.storeOrigin];
  return Buffer.from(JSON.stringify(parts));
}
