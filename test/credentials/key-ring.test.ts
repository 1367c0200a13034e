import { describe, expect, it } from '@jest/globals';
import {
  keyIdOf,
  keyRing,
  type PlaceOfAccount,
  type PlaceOfStore,
  type Sealed,
  type SealedPlace,
} from '../../src/credentials/key-ring.js';
import { AppError } from '../../src/errors.js';

const oldKey = { id: 'k1', key: Buffer.alloc(32, 1) };
const newKey = { id: 'k2', key: Buffer.alloc(32, 2) };
const ring = keyRing([newKey, oldKey]);
const secret = 'sentinel-secret-0123456789abcdef';
const place: PlaceOfStore = {
  kind: 'credential',
  consumerKey: 'a'.repeat(32),
  field: 'accessToken',
  storeOrigin: 'https://shop.example',
};

/** One part of a sealed value, replaced. */
function withPart(at: number, change: (part: string) => string): Sealed {
  const parts = ring.seal(secret, place).split('.');
  return parts.with(at, change(parts[at] ?? '')).join('.') as Sealed;
}

/** Another byte sequence of the same length. */
function flipped(part: string): string {
  const bytes = Buffer.from(part, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64url');
}

function failureOf(sealed: string, where: SealedPlace = place, by = ring): unknown {
  try {
    return by.open(sealed as Sealed, where);
  } catch (error) {
    return error;
  }
}

describe('seal', () => {
  it('writes v1, the id of the first key, IV, ciphertext and tag', () => {
    const [version, id, iv = '', ciphertext = '', tag = '', ...others] = ring
      .seal(secret, place)
      .split('.');

    expect([version, id, others]).toEqual(['v1', 'k2', []]);
    expect([iv, ciphertext, tag].map((part) => Buffer.from(part, 'base64url').length)).toEqual([
      12,
      secret.length,
      16,
    ]);
    expect(`${iv}${ciphertext}${tag}`).toMatch(/^[\w-]+$/);
  });

  it('takes a new IV each time', () => {
    const sealed = Array.from({ length: 100_000 }, () => ring.seal(secret, place));

    expect(new Set(sealed.map((text) => text.split('.')[2])).size).toBe(100_000);
    expect(new Set(sealed.map((text) => text.split('.')[3])).size).toBe(100_000);
  });

  it('leaves nothing of the secret to be read', () => {
    const sealed = ring.seal(secret, place);

    expect(sealed).not.toContain(secret);
    expect(sealed).not.toContain(Buffer.from(secret).toString('base64url'));
  });
});

describe('open', () => {
  it('opens with any key on the ring', () => {
    const before = keyRing([oldKey]).seal(secret, place);

    expect(ring.open(before, place)).toBe(secret);
    expect(ring.open(ring.seal(secret, place), place)).toBe(secret);
  });

  const secrets = { empty: '', 'beyond ASCII': 'Ünïcødé ✓ 漢字 🔑', long: 'x'.repeat(100_000) };
  for (const [what, text] of Object.entries(secrets)) {
    it(`gives back a secret that is ${what}`, () => {
      expect(ring.open(ring.seal(text, place), place)).toBe(text);
    });
  }

  const moves: Partial<PlaceOfStore>[] = [
    { kind: 'activation' },
    { kind: 'popup' },
    { consumerKey: 'b'.repeat(32) },
    { field: 'accessTokenSecret' },
    { storeOrigin: 'http://shop.example' },
    { storeOrigin: 'https://shop.example:8443' },
    // Nothing slides from one part of the place into the next.
    { consumerKey: `${'a'.repeat(32)}","accessToken`, field: '' },
  ];
  for (const move of moves) {
    it(`refuses a value moved to ${JSON.stringify(move)}`, () => {
      const sealed = ring.seal(secret, place);

      expect(failureOf(sealed, { ...place, ...move })).toMatchObject({ code: 'sealed_unreadable' });
    });
  }

  const person: PlaceOfAccount = { kind: 'second-factor', account: 'olga', field: 'secret' };
  const otherPlaces: Record<string, SealedPlace> = {
    "another person's record": { ...person, account: 'mallory' },
    'another field': { ...person, field: 'enrolment' },
    // Nothing slides from one part of the place into the next.
    'a name that runs into the field': { ...person, account: 'olga","secret', field: '' },
    "a store's record": place,
  };
  for (const [what, other] of Object.entries(otherPlaces)) {
    it(`refuses the secret of a second factor moved to ${what}`, () => {
      const sealed = ring.seal(secret, person);

      expect(failureOf(sealed, person)).toBe(secret);
      expect(failureOf(sealed, other)).toMatchObject({ code: 'sealed_unreadable' });
    });
  }

  const spoiled: Record<string, Sealed | ''> = {
    'of another version': withPart(0, () => 'v2'),
    'of a key that is not on the ring': withPart(1, () => 'k3'),
    'of another key on the ring': withPart(1, () => 'k1'),
    'with another IV': withPart(2, flipped),
    'without an IV': withPart(2, () => ''),
    'with another ciphertext': withPart(3, flipped),
    'with a shorter ciphertext': withPart(3, (part) => part.slice(4)),
    'without a ciphertext': withPart(3, () => ''),
    'with another tag': withPart(4, flipped),
    'with a tag of four bytes': withPart(4, (part) => part.slice(0, 6)),
    'with a tag of fifteen bytes': withPart(4, (part) => part.slice(0, 20)),
    'without a tag': withPart(4, () => ''),
    'with a part too many': withPart(4, (part) => `${part}.more`),
    'that is empty': '',
    'that was never sealed': secret as Sealed,
    'that is nothing but dots': '....' as Sealed,
  };
  for (const [what, sealed] of Object.entries(spoiled)) {
    it(`refuses a value ${what}, without a word of the secret`, () => {
      const error = failureOf(sealed);

      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({ code: 'sealed_unreadable' });
      expect(String(error)).not.toContain(secret);
      expect(String((error as AppError).cause)).not.toContain(secret);
    });
  }

  it('refuses a value sealed with another key of the same id', () => {
    const sealed = keyRing([{ ...newKey, key: Buffer.alloc(32, 3) }]).seal(secret, place);

    expect(failureOf(sealed)).toMatchObject({ code: 'sealed_unreadable' });
  });
});

describe('reseal', () => {
  it('puts a value of another key under the first', () => {
    const anew = ring.reseal(keyRing([oldKey]).seal(secret, place), place);

    expect(keyIdOf(anew)).toBe('k2');
    expect(keyRing([newKey]).open(anew, place)).toBe(secret);
  });

  it('leaves a value of the first key as it is', () => {
    const sealed = ring.seal(secret, place);

    expect(ring.reseal(sealed, place)).toBe(sealed);
  });

  for (const [what, sealed] of Object.entries({
    'that was changed': withPart(3, flipped),
    'of a key that is not on the ring': withPart(1, () => 'k3'),
  })) {
    it(`refuses a value ${what}`, () => {
      expect(() => ring.reseal(sealed, place)).toThrow(
        expect.objectContaining({ code: 'sealed_unreadable' }),
      );
    });
  }
});

describe('keyIdOf', () => {
  it('shows nothing of what is no sealed value', () => {
    const values = [secret, `v1.${secret}`, `a.${secret}.b.c.d`, `v1.${secret}!.b.c.d`, ''];

    expect(values.map(keyIdOf)).toEqual(values.map(() => undefined));
  });
});

describe('keyRing', () => {
  it('is never empty', () => {
    expect(() => keyRing([])).toThrow(expect.objectContaining({ code: 'wrong_setting' }));
  });
});
