import { randomString } from '../random-string.js';

/** A row of Magento's token table. One row walks through the three types; each step gives it a new token and secret. */
export interface TokenRow {
  readonly id: number;
  readonly type: 'verifier' | 'request' | 'access';
  readonly token: string;
  readonly secret: string;
  readonly verifier: string;
  /** When the verifier row was made. No step changes it. */
  readonly createdAt: Date;
}

/** What a token endpoint hands out. */
export type TokenPair = Pick<TokenRow, 'token' | 'secret'>;

/**
 * The rows of one consumer in the order of their ids, with a `verifier` row in them: the one already there, so
 * that a repeated activation sends the same verifier, or else a new last one. Magento adds it even after a
 * `request` row, which lookups will then find first: the known jam.
 *
 * @see docs/magento.md, "Token rows"
 */
export function withVerifier(
  rows: readonly TokenRow[],
  id: number,
  createdAt: Date,
): readonly TokenRow[] {
  return verifierOf(rows) === undefined ? [...rows, newRow(id, createdAt)] : rows;
}

/** The rows with at least one among them, for an activation that is not POSTed. */
export function withAnyRow(
  rows: readonly TokenRow[],
  id: number,
  createdAt: Date,
): readonly TokenRow[] {
  return rows.length === 0 ? [newRow(id, createdAt)] : rows;
}

/** The verifier that an activation POST carries. */
export function verifierOf(rows: readonly TokenRow[]): string | undefined {
  return rows.find((row) => row.type === 'verifier')?.verifier;
}

/** The rows with the first one moved on to the next type. The verifier stays. */
export function withFirstAs(
  rows: readonly TokenRow[],
  type: 'request' | 'access',
): readonly TokenRow[] {
  return rows.map((row, index) =>
    index === 0 ? { ...row, type, token: randomString(), secret: randomString() } : row,
  );
}

/** What the clean-up leaves: it takes request tokens that were never exchanged. */
export function withoutOldRequests(rows: readonly TokenRow[], oldest: Date): readonly TokenRow[] {
  return rows.filter(({ type, createdAt }) => type !== 'request' || createdAt > oldest);
}

function newRow(id: number, createdAt: Date): TokenRow {
  return {
    id,
    type: 'verifier',
    token: randomString(),
    secret: randomString(),
    verifier: randomString(),
    createdAt,
  };
}
