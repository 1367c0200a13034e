import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { AppError } from '../errors.js';
import { freshIv } from './fresh-iv.js';

/** A secret at rest: `v1.<keyId>.<iv>.<ciphertext>.<tag>`, the last three in base64url. */
export type Sealed = string & { readonly __brand: 'Sealed' };

/** Where a sealed value lives. It opens only there: moved to another record or field, it is refused. */
export interface SealedPlace {
  readonly kind: 'activation' | 'credential' | 'popup';
  readonly consumerKey: string;
  readonly field: string;
  readonly storeOrigin: string;
}

/** Seals with the first key, opens with any. */
export interface KeyRing {
  seal(this: void, secret: string, place: SealedPlace): Sealed;
  /** @throws AppError `sealed_unreadable` when the key is not on the ring, or the value was changed or moved. */
  open(this: void, sealed: Sealed, place: SealedPlace): string;
}

const cipher = 'aes-256-gcm';
const tagBytes = 16;

/** A ring of one or more keys of 32 bytes each, for AES-256-GCM with a random 96-bit IV (NIST SP 800-38D). */
export function keyRing(keys: readonly { readonly id: string; readonly key: Buffer }[]): KeyRing {
  const secretKeys = keys.map(({ id, key }) => ({ id, key: createSecretKey(key) }));
  const byId = new Map(secretKeys.map(({ id, key }) => [id, key]));
  const [first] = secretKeys;
  if (!first) throw new AppError('wrong_setting', 'ENCRYPTION_KEYS holds no key.');

  return {
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
  };
}

function additionalData({ kind, consumerKey, field, storeOrigin }: SealedPlace): Buffer {
  return Buffer.from(JSON.stringify([kind, consumerKey, field, storeOrigin]));
}
