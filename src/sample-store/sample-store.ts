import type { Server } from 'node:http';
import type { Express } from 'express';
import { activate, type Activation } from './integrations/activation.js';
import { addressesOf, type Shape } from './addresses.js';
import { adminMessages } from './admin/admin-messages.js';
import { adminSite } from './admin/admin-site.js';
import { formDraft } from './admin/form-draft.js';
import { type RecordedRequest, recordedRequests } from './calls/recorded-requests.js';
import { type StoreClock, storeClock } from './clock.js';
import { type CertificateKind, certificateOf } from './faults/certificates.js';
import { type Fault, faultList } from './faults/faults.js';
import { skewedClock } from './faults/skewed-clock.js';
import {
  type Integration,
  type IntegrationFields,
  integrationTable,
} from './integrations/integrations.js';
import { closeAll, listenOn, needsPort } from './listening.js';
import { nonceTable } from './oauth/nonces.js';
import { type Release, traitsOf } from './releases.js';
import { allPermissions } from './webapi/acl.js';
import { storeData } from './webapi/data/store-data.js';
import type { TwoFactor } from './users/two-factor.js';
import { storeUsers } from './users/users.js';
import { storeApp } from './store-app.js';
import { requestLog } from './workshop/request-log.js';

/** How a sample store is made. Everything has a default. */
export interface SampleStoreOptions {
  readonly now?: () => Date;
  /** Which Magento the store is: 2.4.8. */
  readonly release?: Release;
  /** Makes the announced `store_base_url` from the store's own address, which always ends in one slash. */
  readonly baseUrl?: (ownUrl: string) => string;
  /** Whether the front end is https alone, so that a POST over http is redirected to the base URL. */
  readonly redirectsToHttps?: boolean;
  /** Whether an integration's access token is good as a Bearer token: up to 2.4.3. */
  readonly integrationBearer?: boolean;
  /** How the store's addresses are built. Without it the store answers at all of them, and announces the plain one. */
  readonly shape?: Shape;
  /** The first part of the admin's path: `admin`. */
  readonly adminFrontName?: string;
  /**
   * Another origin for the admin site, which is then found nowhere else. Where it is a port of this machine,
   * with the scheme of the store, `listen` opens it as well, a free one for port 0.
   */
  readonly adminUrl?: string;
  /** Two-factor authentication of admins who ask for a token: `off`. 2.3.7 has none. */
  readonly twoFactor?: TwoFactor;
  readonly faults?: readonly Fault[];
  /** Speaks TLS, with a certificate of the test authority or a worse one. */
  readonly tls?: { readonly certificate: CertificateKind };
  /** Magento's limit for the whole activation POST: 5000. */
  readonly postTimeoutMs?: number;
  /** How long after an activation POST a request token is given: 300. */
  readonly consumerExpirySeconds?: number;
  /** How probably a save of a token or of a nonce cleans up old ones: 1 / 100. */
  readonly cleanupProbability?: number;
  /** Decides what happens by chance; as Math.random, from 0 to below 1. */
  readonly random?: () => number;
  /** What the form for a new integration starts with. */
  readonly prefill?: { readonly endpointUrl: string; readonly identityUrl: string };
  /** Hears of every signed call and of every activation. Nothing it hears holds a secret. */
  readonly log?: (event: StoreEvent) => void;
}

/** Something that happened in a store. */
export type StoreEvent =
  | ({ readonly event: 'call' } & Omit<RecordedRequest, 'authorization'>)
  | { readonly event: 'activation'; readonly name: string; readonly delivered: boolean };

/** A Magento store, as far as an integration sees one. Its state lives and dies with it. */
export interface SampleStore {
  /** The store's pages and endpoints, to be served as they are. */
  readonly app: Express;
  /** Listens, on every address of localhost by default. The url ends in one slash; port 0 picks a free one. */
  listen(port: number, host?: string): Promise<{ url: string; adminUrl: string }>;
  /** Ends everything that is under way, and stops listening. */
  close(): Promise<void>;
  /** The store's own clock: everything in the store goes by it. */
  readonly clock: StoreClock;
  addIntegration(
    fields: Omit<IntegrationFields, 'resources'> & { resources?: readonly string[] },
  ): Integration;
  /** What *Activate* does up to the popup. Rejects for an unknown id, and for a release that cannot do it. */
  activate(id: number): Promise<Activation>;
  /** The same for *Reauthorize*: the old access token is dead before the POST leaves. */
  reauthorize(id: number): Promise<Activation>;
  remove(id: number): void;
  /** Every integration as it is now. */
  integrations(): readonly Integration[];
  /** The calls of the token endpoints and the REST API, in the order in which they came: the last 10 000. */
  readonly requests: readonly RecordedRequest[];
  /** Puts these faults in the place of the present ones. */
  setFaults(faults: readonly Fault[]): void;
}

/** A store on which nothing has been set up yet. It misbehaves only by the faults it is given. */
export function createSampleStore(options: SampleStoreOptions = {}): SampleStore {
  const clock = storeClock(options.now ?? (() => new Date()));
  const skew = skewedClock(clock.now);
  const { now } = skew;
  const release = options.release ?? '2.4.8';
  const traits = traitsOf[release];
  const log = options.log ?? (() => undefined);
  const { random = Math.random, cleanupProbability = 1 / 100 } = options;
  const isCleanupDue = () => random() < cleanupProbability;
  const integrations = integrationTable({ now, isCleanupDue });
  const nonces = nonceTable({ now, isCleanupDue });
  const faults = faultList(options.faults ?? []);
  const data = storeData({ now });
  const twoFactor = options.twoFactor ?? 'off';
  const users = storeUsers({ now, release, traits, twoFactor, data });
  const { requests, arrived } = recordedRequests();
  const closing = new AbortController();
  let servers: readonly Server[] = [];
  let ownUrl = 'http://localhost/';
  const adminUrl =
    options.adminUrl === undefined ? undefined : new URL(options.adminUrl.replace(/\/*$/, '/'));
  const addresses = addressesOf(options.shape);

  const deps = {
    now,
    clock,
    skew,
    traits,
    requestLog: requestLog({ now }),
    integrationBearer: options.integrationBearer ?? traits.integrationBearer,
    redirectsToHttps: options.redirectsToHttps ?? false,
    consumerExpirySeconds: options.consumerExpirySeconds ?? 300,
    integrations,
    nonces,
    faults,
    data,
    users,
    messages: adminMessages(),
    draft: formDraft(),
    addresses,
    admin: adminSite({
      frontName: options.adminFrontName ?? 'admin',
      ownUrl: () => ownUrl,
      customUrl: () => adminUrl?.href,
      addresses,
    }),
    ownUrl: () => ownUrl,
    storeUrl: () => options.baseUrl?.(ownUrl) ?? ownUrl + addresses.base,
    postTimeoutMs: options.postTimeoutMs ?? 5000,
    prefill: options.prefill ?? { endpointUrl: '', identityUrl: '' },
    closing: closing.signal,
    arrived,
    answered: ({ method, path, status, problem }: RecordedRequest) => {
      log({ event: 'call', method, path, status, problem });
    },
    activated: ({ name }: Integration, delivered: boolean) => {
      log({ event: 'activation', name, delivered });
    },
  };
  const app = storeApp(deps);

  return {
    app,
    async listen(port, host = 'localhost') {
      const tls = options.tls && certificateOf(options.tls.certificate);
      const listening = await listenOn(app, port, host, tls);
      servers = listening.servers;
      ownUrl = `${tls ? 'https' : 'http'}://${host}:${listening.port}/`;
      if (adminUrl && needsPort(adminUrl, new URL(ownUrl))) {
        const beside = await listenOn(app, Number(adminUrl.port), 'localhost', tls).catch(
          async (error: unknown) => {
            await closeAll(servers);
            throw error;
          },
        );
        servers = [...servers, ...beside.servers];
        adminUrl.port = String(beside.port);
      }
      return { url: ownUrl, adminUrl: deps.admin.home() };
    },
    async close() {
      closing.abort();
      await closeAll(servers);
    },
    clock,
    addIntegration: (fields) => integrations.add({ resources: allPermissions, ...fields }),
    activate: (id) => activate(deps, id, { reauthorize: false }),
    reauthorize: (id) => activate(deps, id, { reauthorize: true }),
    remove: (id) => {
      integrations.remove(id);
    },
    integrations: () => integrations.all(),
    requests,
    setFaults: (replacement) => {
      faults.set(replacement);
    },
  };
}
