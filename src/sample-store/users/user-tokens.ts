import { randomBytes } from 'node:crypto';
import { randomString } from '../random-string.js';
import type { ReleaseTraits } from '../releases.js';
import { claimsIn, type Claims, signedToken } from './json-web-token.js';
import type { Account } from './people.js';

/** Magento's numbers for types of users. */
const userTypes = { admin: 2, customer: 3 } as const;

const minutes = 60;
const lifetimes = {
  opaque: { admin: 4 * 60 * minutes, customer: 60 * minutes },
  jwt: { admin: 60 * minutes, customer: 60 * minutes },
};

/** The Bearer tokens of admins and customers. */
export type UserTokens = ReturnType<typeof userTokens>;

/**
 * Tokens as the release makes them: 32 characters that the store remembers, or JSON Web Tokens, signed by a key of
 * this store's own.
 *
 * @see docs/magento.md, "Tokens and sessions of people"
 */
export function userTokens({
  now,
  traits,
}: {
  readonly now: () => Date;
  readonly traits: Pick<ReleaseTraits, 'userTokens'>;
}) {
  const key = randomBytes(32);
  const opaque = new Map<string, Claims>();
  const revokedUntil = new Map<number, number>();
  const seconds = () => Math.floor(now().getTime() / 1000);

  function isRevoked({ uid, utypid, iat }: Claims): boolean {
    return utypid === userTypes.customer && iat <= (revokedUntil.get(uid) ?? -Infinity);
  }

  return {
    issue({ kind, id }: Account): string {
      const iat = seconds();
      const exp = iat + lifetimes[traits.userTokens][kind];
      const claims: Claims = { uid: id, utypid: userTypes[kind], iat, exp };
      if (traits.userTokens === 'jwt') return signedToken(claims, key);
      const token = randomString();
      opaque.set(token, claims);
      return token;
    },
    /** Whose token this is, while it is good. */
    ownerOf(token: string): Account | undefined {
      const claims = opaque.get(token) ?? claimsIn(token, key);
      if (!claims || claims.exp <= seconds() || isRevoked(claims)) return undefined;
      return { kind: claims.utypid === userTypes.admin ? 'admin' : 'customer', id: claims.uid };
    },
    /** Ends every token that a customer has. They carry whole seconds, so one of this same second ends as well. */
    revokeAll(customerId: number): void {
      revokedUntil.set(customerId, seconds());
    },
  };
}
