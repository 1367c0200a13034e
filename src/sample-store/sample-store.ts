import type { Server } from 'node:http';
import type { Express } from 'express';
import { activate, type Activation } from './integrations/activation.js';
import { adminMessages } from './admin/admin-messages.js';
import { adminSite } from './admin/admin-site.js';
import type { RecordedRequest } from './calls/answering.js';
import { type CertificateKind, certificateOf } from './faults/certificates.js';
import { type Fault, faultList } from './faults/faults.js';
import { skewedClock } from './faults/skewed-clock.js';
import {
  type Integration,
  type IntegrationFields,
  integrationTable,
} from './integrations/integrations.js';
import { closeAll, listenOn } from './listening.js';
import { nonceTable } from './oauth/nonces.js';
import { allPermissions } from './webapi/rest-resources.js';
import { traitsOf } from './releases.js';
import { storeApp } from './store-app.js';
import { requestLog } from './workshop/request-log.js';

/** How a sample store is made. Everything has a default. */
export interface SampleStoreOptions {
  readonly now?: () => Date;
  /** Makes the announced `store_base_url` from the store's own address, which always ends in one slash. */
  readonly baseUrl?: (ownUrl: string) => string;
  readonly faults?: readonly Fault[];
  /** Speaks TLS, with a certificate of the test authority or a worse one. */
  readonly tls?: { readonly certificate: CertificateKind };
  /** Magento's limit for the whole activation POST: 5000. */
  readonly postTimeoutMs?: number;
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
  listen(port: number, host?: string): Promise<{ url: string }>;
  /** Ends everything that is under way, and stops listening. */
  close(): Promise<void>;
  addIntegration(
    fields: Omit<IntegrationFields, 'resources'> & { resources?: readonly string[] },
  ): Integration;
  /** What *Activate* does up to the popup. Rejects for an unknown id. */
  activate(id: number): Promise<Activation>;
  /** The same for *Reauthorize*: the old access token is dead before the POST leaves. */
  reauthorize(id: number): Promise<Activation>;
  remove(id: number): void;
  /** Every integration as it is now. */
  integrations(): readonly Integration[];
  /** Every call of the token endpoints and the REST API so far, in the order in which they came. */
  readonly requests: readonly RecordedRequest[];
  /** Puts these faults in the place of the present ones. */
  setFaults(faults: readonly Fault[]): void;
}

/** A store on which nothing has been set up yet. It misbehaves only by the faults it is given. */
export function createSampleStore(options: SampleStoreOptions = {}): SampleStore {
  const skew = skewedClock(options.now ?? (() => new Date()));
  const { now } = skew;
  const log = options.log ?? (() => undefined);
  const integrations = integrationTable({ now });
  const nonces = nonceTable({ now });
  const faults = faultList(options.faults ?? []);
  const requests: RecordedRequest[] = [];
  const closing = new AbortController();
  let servers: readonly Server[] = [];
  let ownUrl = 'http://localhost/';

  const deps = {
    now,
    skew,
    traits: traitsOf['2.4.8'],
    requestLog: requestLog({ now }),
    integrations,
    nonces,
    faults,
    messages: adminMessages(),
    admin: adminSite({ ownUrl: () => ownUrl }),
    ownUrl: () => ownUrl,
    storeUrl: () => options.baseUrl?.(ownUrl) ?? ownUrl,
    postTimeoutMs: options.postTimeoutMs ?? 5000,
    prefill: options.prefill ?? { endpointUrl: '', identityUrl: '' },
    closing: closing.signal,
    arrived: (request: RecordedRequest) => requests.push(request),
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
      return { url: ownUrl };
    },
    async close() {
      closing.abort();
      await closeAll(servers);
    },
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
