import type { Redis } from 'ioredis';
import {
  credentialKeys,
  credentialPlace,
  credentialRecord,
  type Credential,
  type CredentialSecrets,
  type SealedGrant,
} from './credential.js';
import type { KeyRing } from './key-ring.js';
import { replaceRecords, type RecordChange } from './replace-records.js';

/** A credential that has just been granted by its store. */
export interface GrantedCredential
  extends CredentialSecrets, Omit<SealedGrant, keyof CredentialSecrets> {}

/** An admin moves now and then; who returns to more origins is asked about the oldest again. */
const mostReturnOrigins = 5;

type ListedCredential = Pick<Credential, 'consumerKey' | 'storeBaseUrl' | 'account'>;

export type CredentialStore = ReturnType<typeof credentialStore>;

/** Keeps connected stores in Redis: one sealed record for each consumer key, and a list sorted by store host. */
export function credentialStore(redis: Redis, prefix: string, ring: KeyRing) {
  const replace = replaceRecords(redis);
  const index = `${prefix}credentials`;
  const listKeyOf = (account: string) => `${prefix}credentials-of:{${account}}`;
  const keyOf = (consumerKey: string) => `${credentialKeys(prefix)}{${consumerKey}}`;

  async function find(consumerKey: string): Promise<Credential | undefined> {
    const text = await redis.get(keyOf(consumerKey));
    return text === null ? undefined : credentialRecord.parse(JSON.parse(text));
  }

  /** The records that entries of a list stand for: one may be gone, not yet written, or now at another host. */
  async function listed(entries: readonly string[]): Promise<Credential[]> {
    const records = await Promise.all(
      entries.map((entry) => find(entry.slice(entry.indexOf(' ') + 1))),
    );
    return records.filter(
      (record, place) => record !== undefined && indexEntry(record) === entries[place],
    ) as Credential[];
  }

  async function list(): Promise<Credential[]> {
    return listed(await redis.zrange(index, '0', '-1'));
  }

  async function addToListOf(granted: ListedCredential): Promise<void> {
    await redis.zadd(listKeyOf(granted.account), 0, indexEntry(granted));
  }

  const accessTokenOf = (credential: Credential) =>
    ring.open(credential.accessToken, credentialPlace(credential, 'accessToken'));

  return {
    find,

    has: async (consumerKey: string): Promise<boolean> =>
      (await redis.exists(keyOf(consumerKey))) === 1,

    /** What a store granted, sealed for this ring. */
    seal({
      consumerSecret,
      accessToken,
      accessTokenSecret,
      ...facts
    }: GrantedCredential): SealedGrant {
      const seal = (field: keyof CredentialSecrets, secret: string) =>
        ring.seal(secret, credentialPlace(facts, field));
      return {
        ...facts,
        consumerSecret: seal('consumerSecret', consumerSecret),
        accessToken: seal('accessToken', accessToken),
        accessTokenSecret: seal('accessTokenSecret', accessTokenSecret),
      };
    },

    /**
     * The change that stores what a store granted, in the place of an earlier credential of the same consumer
     * key; the caller makes it together with that of the activation. The lists know the store from now on. Where
     * its account agreed to return to stays agreed, as long as it is the same store.
     */
    async changeTo(granted: SealedGrant): Promise<RecordChange> {
      const [current] = await Promise.all([
        find(granted.consumerKey),
        redis.zadd(index, 0, indexEntry(granted)),
        addToListOf(granted),
      ]);
      const version = current?.version ?? 0;
      const returnOrigins =
        current && originOf(current) === originOf(granted) ? current.returnOrigins : undefined;
      const record: Credential = { ...granted, returnOrigins, version: version + 1 };
      return { key: keyOf(granted.consumerKey), expected: { version }, record };
    },

    /** The change that forgets a store; the caller makes it together with that of the activation. */
    changeToNone({ consumerKey, version }: Credential): RecordChange {
      return { key: keyOf(consumerKey), expected: { version } };
    },

    /** Takes a store that was forgotten off the lists. */
    async unlist(credential: Credential): Promise<void> {
      await redis.zrem(index, indexEntry(credential));
      await redis.zrem(listKeyOf(credential.account), indexEntry(credential));
    },

    /**
     * Notes the outcome of a signed call, unless the credential was replaced since that call was signed. One that
     * was sealed anew meanwhile is the same. @throws AppError `sealed_unreadable`
     */
    async recordCheck(
      checked: Credential,
      lastCheck: NonNullable<Credential['lastCheck']>,
    ): Promise<void> {
      let current: Credential | undefined = checked;
      while (current && accessTokenOf(current) === accessTokenOf(checked)) {
        const { version }: Credential = current;
        const record = { ...current, lastCheck, version: version + 1 };
        if (await replace({ key: keyOf(checked.consumerKey), expected: { version }, record }))
          return;
        current = await find(checked.consumerKey);
      }
    },

    /** Notes another origin that the account of this store has agreed to return to; not if the store has changed. */
    async rememberReturn(
      consumerKey: string,
      { storeOrigin, returnOrigin }: { storeOrigin: string; returnOrigin: string },
    ): Promise<void> {
      for (;;) {
        const current = await find(consumerKey);
        const { version = 0, returnOrigins = [] } = current ?? {};
        if (!current || originOf(current) !== storeOrigin || returnOrigins.includes(returnOrigin))
          return;
        const origins = [...returnOrigins, returnOrigin].slice(-mostReturnOrigins);
        const record = { ...current, returnOrigins: origins, version: version + 1 };
        if (await replace({ key: keyOf(consumerKey), expected: { version }, record })) return;
      }
    },

    /** The secrets in clear. @throws AppError `sealed_unreadable` */
    open(credential: Credential): CredentialSecrets {
      const open = (field: keyof CredentialSecrets) =>
        ring.open(credential[field], credentialPlace(credential, field));
      return {
        consumerSecret: open('consumerSecret'),
        accessToken: open('accessToken'),
        accessTokenSecret: open('accessTokenSecret'),
      };
    },

    /** Every connected store, by host. */
    list,

    /** The connected stores of one account, by host. */
    async listOf(account: string): Promise<Credential[]> {
      const credentials = await listed(await redis.zrange(listKeyOf(account), '0', '-1'));
      return credentials.filter((credential) => credential.account === account);
    },

    /** Brings the lists by account up to the one of all: release 0.1.0 kept none, and may still run elsewhere. */
    async completeLists(): Promise<void> {
      await Promise.all((await list()).map(addToListOf));
    },
  };
}

function originOf({ storeBaseUrl }: { readonly storeBaseUrl: string }): string {
  return new URL(storeBaseUrl).origin;
}

/** Host first, so that the list sorts and searches by it; then the consumer key, which names the record. */
function indexEntry(credential: Omit<ListedCredential, 'account'>): string {
  return `${new URL(credential.storeBaseUrl).host} ${credential.consumerKey}`;
}
