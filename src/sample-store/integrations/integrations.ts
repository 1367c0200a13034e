import { randomString } from '../random-string.js';
import { oldestKept } from './clean-up.js';
import {
  type TokenPair,
  type TokenRow,
  verifierOf,
  withAnyRow,
  withFirstAs,
  withoutOldRequests,
  withVerifier,
} from './token-rows.js';

/** What an admin fills in. */
export interface IntegrationFields {
  readonly name: string;
  readonly email?: string;
  /** The Callback URL. This and the identity link may stay empty: then there is no handshake. */
  readonly endpointUrl: string;
  readonly identityUrl: string;
  readonly resources: readonly string[];
}

/** An integration, its consumer and its token rows. Key and secret are made once and never change. */
export interface Integration extends IntegrationFields {
  readonly id: number;
  readonly status: 'inactive' | 'active';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** When the last activation POST was begun; at first, when it was created. The 300 seconds run from here. */
  readonly updatedAt: Date;
  /** In the order of their ids. Lookups by consumer take the first. */
  readonly tokens: readonly TokenRow[];
}

/** The store's tables. Every verb is one step that nothing can interrupt; a returned record never changes. */
export type Integrations = ReturnType<typeof integrationTable>;

/**
 * An empty set of tables. Verbs that take an id throw when there is no such integration. Each save of a token
 * may, by chance, clean up: old request rows of all consumers go, the saved one included.
 */
export function integrationTable({
  now,
  isCleanupDue,
}: {
  now: () => Date;
  isCleanupDue: () => boolean;
}) {
  const records = new Map<number, Integration>();
  let lastId = 0;
  let lastTokenId = 0;

  function change(id: number, changes: Partial<Integration>): Integration {
    const changed = { ...existing(id), ...changes };
    records.set(id, changed);
    return changed;
  }

  function cleanUpByChance(): void {
    if (!isCleanupDue()) return;
    const oldest = oldestKept(now());
    for (const { id, tokens } of records.values()) {
      change(id, { tokens: withoutOldRequests(tokens, oldest) });
    }
  }

  /** Moves the first row on, and hands its new token out even if the clean-up has just taken it. */
  function moveFirstRow(id: number, type: 'request' | 'access'): TokenPair {
    const tokens = withFirstAs(existing(id).tokens, type);
    change(id, type === 'access' ? { status: 'active', tokens } : { tokens });
    cleanUpByChance();
    const [first] = tokens;
    if (!first) throw new RangeError(`The integration with ID ${id} has no token row.`);
    return first;
  }

  function existing(id: number): Integration {
    const record = records.get(id);
    if (!record) throw new RangeError(`There is no integration with ID ${id}.`);
    return record;
  }

  return {
    all: (): readonly Integration[] => [...records.values()],
    byId: (id: number): Integration | undefined => records.get(id),
    byConsumerKey: (key: string): Integration | undefined =>
      [...records.values()].find(({ consumerKey }) => consumerKey === key),
    byToken: (value: string): Integration | undefined =>
      [...records.values()].find(({ tokens }) => tokens.some(({ token }) => token === value)),

    add(fields: IntegrationFields): Integration {
      lastId += 1;
      const record: Integration = {
        ...fields,
        id: lastId,
        status: 'inactive',
        consumerKey: randomString(),
        consumerSecret: randomString(),
        updatedAt: now(),
        tokens: [],
      };
      records.set(record.id, record);
      return record;
    },

    edit: (id: number, fields: IntegrationFields): Integration => change(id, fields),

    remove(id: number): void {
      existing(id);
      records.delete(id);
    },

    /** Restarts the expiry clock and makes sure of a verifier: all that Magento commits before it POSTs. */
    beginActivation(id: number): { integration: Integration; verifier: string } {
      lastTokenId += 1;
      const before = existing(id).tokens;
      const tokens = withVerifier(before, lastTokenId, now());
      change(id, { updatedAt: now(), tokens });
      if (tokens !== before) cleanUpByChance();
      return { integration: existing(id), verifier: verifierOf(tokens) ?? '' };
    },

    /** The part of Reauthorize that comes before the activation: the first row goes, and the access with it. */
    revoke: (id: number): Integration =>
      change(id, { status: 'inactive', tokens: existing(id).tokens.slice(1) }),

    /**
     * Activation without a handshake: the store gives the access token to itself, and the first row is one of
     * `access`. Nothing was ever POSTed, so the consumer is past its 300 seconds, however young it is.
     */
    issueTokens(id: number): Integration {
      lastTokenId += 1;
      const tokens = withFirstAs(withAnyRow(existing(id).tokens, lastTokenId, now()), 'access');
      return change(id, { status: 'active', updatedAt: new Date(0), tokens });
    },

    makeRequestToken: (id: number): TokenPair => moveFirstRow(id, 'request'),

    /** Makes the integration active, too. */
    makeAccessToken: (id: number): TokenPair => moveFirstRow(id, 'access'),
  };
}
