import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import supertest from 'supertest';
import { accountStore } from '../../src/accounts/account-store.js';
import { activationStore } from '../../src/activation/activation-store.js';
import { credentialStore } from '../../src/credentials/credential-store.js';
import { keyRing } from '../../src/credentials/key-ring.js';
import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { environment, startMain, type Child, type Life } from '../processes/child.js';
import { newDataDir } from '../redis/support.js';
import { afterWaiting, openPopup, sendForm } from '../support/popup.js';
import { merchant } from '../support/start-app.js';
import type { TestRedis } from '../support/start-redis.js';
import { startStore } from '../support/start-store.js';
import { commandsOf } from './redis-commands.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

export type App = Child & { readonly url: string };

/** What surrounds an app that is to fail: a Redis and a store, each behind a proxy, and what both sides have on record. */
export interface Rig {
  readonly env: NodeJS.ProcessEnv;
  readonly toRedis: TcpProxy;
  readonly toStore: TcpProxy;
  readonly store: SampleStore & { readonly url: string };
  readonly client: Redis;
  readonly activations: ReturnType<typeof activationStore>;
  readonly credentials: ReturnType<typeof credentialStore>;
  /** Starts the app; with a port, where an earlier one was. */
  start(changes?: NodeJS.ProcessEnv, life?: Life): Promise<App>;
  /** Creates an integration whose two addresses are those of this app. */
  integrate(app: App): Integration;
  /** Activates (or reauthorizes) an integration. Answers the address of the popup. */
  activate(integration: Integration, how?: 'activate' | 'reauthorize'): Promise<string>;
}

const key = Buffer.alloc(32, 9);

/** A rig under a prefix of its own, with a lease and a recovery pass that are over soon. */
export async function newRig(redis: TestRedis, changes: NodeJS.ProcessEnv = {}): Promise<Rig> {
  const prefix = changes['REDIS_PREFIX'] ?? `rig-${randomBytes(6).toString('hex')}:`;
  const toRedis = await startProxy(Number(new URL(redis.url).port), commandsOf);
  let base = '';
  const store = await startStore({ baseUrl: () => base });
  const toStore = await startProxy(Number(new URL(store.url).port));
  base = `http://127.0.0.1:${toStore.port}/`;
  const client = redis.client();
  const env = environment(await newDataDir(), {
    REDIS_URL: `redis://127.0.0.1:${toRedis.port}/`,
    REDIS_PREFIX: prefix,
    SESSION_SECRETS: 'a session secret of thirty-two bytes or more',
    ENCRYPTION_KEYS: `faults:${key.toString('base64')}`,
    EXCHANGE_LEASE_SECONDS: '2',
    RECOVERY_INTERVAL_SECONDS: '1',
    MAX_PENDING: '1000000',
    ...changes,
  });
  const accounts = accountStore(client, prefix, () => new Date());
  if (!(await accounts.find(merchant.username))) {
    await accounts.add(merchant.username, 'merchant', merchant.password);
  }
  return {
    env,
    toRedis,
    toStore,
    store,
    client,
    activations: activationStore(client, prefix, () => new Date()),
    credentials: credentialStore(client, prefix, keyRing([{ id: 'faults', key }])),
    start: (more = {}, life = 'test') => startMain({ ...env, ...more }, life),
    integrate: (app) =>
      store.addIntegration({
        name: 'Faults',
        endpointUrl: `${app.url}/endpoint`,
        identityUrl: `${app.url}/login`,
      }),
    async activate({ id }, how = 'activate') {
      const { popupUrl, delivered } = await store[how](id);
      if (!delivered) throw new Error('the activation was not delivered');
      // The admin is on the store's own port; a merchant's is on the origin that the store announces.
      const [own, announced] = [store.url, base].map((url) => encodeURIComponent(url));
      return popupUrl.replace(own ?? '', announced ?? '');
    },
  };
}

/** A merchant in an open popup, about to send the form. */
export async function openForm(app: { readonly url: string }, popupUrl: string) {
  const visitor = supertest.agent(app.url);
  const { page, fields } = await openPopup(visitor, popupUrl);
  const send = async () => afterWaiting(visitor, await sendForm(visitor, fields));
  return { visitor, page, fields, send };
}

/** Opens a popup and signs in. Answers the status of what came back. */
export async function signIn(app: { readonly url: string }, popupUrl: string): Promise<number> {
  const { page, fields, send } = await openForm(app, popupUrl);
  return Object.keys(fields).length === 0 ? page.status : (await send()).status;
}

/** The store's requests to one of its addresses, so far. */
export function callsTo(store: SampleStore, ending: string): number {
  return store.requests.filter(({ path }) => path.endsWith(ending)).length;
}

/** Waits for something to be so; fails, and says what was awaited, when it takes longer. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  withinMs = 10_000,
): Promise<number> {
  const begin = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begin > withinMs) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - begin;
}
