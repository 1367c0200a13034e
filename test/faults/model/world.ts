import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { activationRecord, type Activation } from '../../../src/activation/activation.js';
import { activationKeys } from '../../../src/activation/sealed-activations.js';
import { credentialStore } from '../../../src/credentials/credential-store.js';
import type { Credential } from '../../../src/credentials/credential.js';
import { keyRing } from '../../../src/credentials/key-ring.js';
import type { ReceivedFields } from '../../../src/activation/receive-activation.js';
import { randomNonce } from '../../../src/magento/nonce.js';
import { storeHttp, type StoreHttp } from '../../../src/magento/store-http.js';
import type { Integration } from '../../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../../src/sample-store/sample-store.js';
import { verifierOf } from '../../../src/sample-store/integrations/token-rows.js';
import type { FakeClock } from '../../support/fake-clock.js';
import { newInstance, type Ground, type Instance } from './instance.js';
import { newSteps } from './steps.js';

/** What all walks of a run share. */
export interface Place {
  readonly redis: Redis;
  readonly store: SampleStore;
  /** The address that the store announces. */
  readonly storeUrl: string;
  readonly clock: FakeClock;
  readonly http: StoreHttp;
  /** Where the processes keep their spools. */
  readonly folder: string;
  /** A host that nobody but a forger names. */
  readonly forger: { readonly url: string; readonly calls: () => number; readonly server: Server };
}

/** Our two records of an integration. */
export interface Records {
  readonly activation: Activation | undefined;
  readonly credential: Credential | undefined;
}

/** A call that its caller has given up on, while the store is still at it. */
export interface LateCall {
  readonly what: string;
  run(): Promise<unknown>;
}

export interface World extends Place, Ground {
  readonly random: () => number;
  readonly story: string[];
  /** The processes by their names; a restarted one takes the place of the dead. */
  readonly instances: Map<string, Instance>;
  /** POSTs that the store has sent, newest last: Magento may be made to repeat one, and the net may. */
  readonly posts: ReceivedFields[];
  /** Access tokens that the store has killed by Reauthorize. */
  readonly killed: Set<string>;
  late: LateCall[];
  integration: Integration;
}

/** Both accounts that sign in. */
export const accounts = ['mia', 'max'] as const;

const policy = { hosts: [], allowHttp: true, allowPrivate: true };

/** Servers that last for a run. Whoever made it ends `http`, `forger.server` and `folder`. */
export async function newPlace(
  redis: Redis,
  store: SampleStore & { readonly url: string },
  clock: FakeClock,
): Promise<Place> {
  let calls = 0;
  const server = createServer((_req, res) => {
    calls += 1;
    res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  // A name would have to be looked up at every call.
  const storeUrl = store.url.replace('localhost', '127.0.0.1');
  const folder = await mkdtemp(path.join(tmpdir(), 'mi-model-'));
  const forger = { url, calls: () => calls, server };
  return { redis, store, storeUrl, clock, folder, http: storeHttp(policy), forger };
}

/** A new integration in the store, and two processes of an app without a record. */
export function newWorld(place: Place, random: () => number): World {
  const ring = keyRing([{ id: 'model', key: Buffer.alloc(32, 3) }]);
  const { redis, http, clock } = place;
  const prefix = `model-${randomUUID()}:`;
  const ground: Ground = { redis, prefix, ring, http, now: clock.now, steps: newSteps() };
  const instances = new Map<string, Instance>();
  for (const name of ['A', 'B']) {
    const folder = path.join(place.folder, `${prefix}${name}`);
    instances.set(name, newInstance(ground, name, folder));
  }
  return {
    ...place,
    ...ground,
    random,
    story: [],
    instances,
    posts: [],
    killed: new Set(),
    late: [],
    integration: newIntegration(place),
  };
}

export function newIntegration({ store }: Pick<Place, 'store'>): Integration {
  return store.addIntegration({
    name: 'Model',
    endpointUrl: 'http://localhost/endpoint',
    identityUrl: 'http://localhost/login',
  });
}

/** The integration as the store has it now; `undefined` once it was deleted. */
export function atStore({ store, integration }: World): Integration | undefined {
  return store.integrations().find(({ id }) => id === integration.id);
}

/** Our records as Redis has them now. */
export async function recordsOf(world: World): Promise<Records> {
  const { redis, prefix, ring, integration } = world;
  const { consumerKey } = integration;
  const text = await redis.get(`${activationKeys(prefix)}{${consumerKey}}`);
  const credential = await credentialStore(redis, prefix, ring).find(consumerKey);
  return {
    activation: text === null ? undefined : activationRecord.parse(JSON.parse(text)),
    credential,
  };
}

/** What the button of the merchant's grid does: Reauthorize while the integration is active, else Activate. */
export async function press(world: World): Promise<ReceivedFields | undefined> {
  const { store } = world;
  const before = atStore(world);
  if (!before) return undefined;
  const isActive = before.status === 'active';
  const [first] = before.tokens;
  if (isActive && first) world.killed.add(first.token);
  // The POST is delivered by the walk, when and where it says.
  store.setFaults([{ at: 'post', do: 'drop-before', times: 1 }]);
  await store[isActive ? 'reauthorize' : 'activate'](before.id);
  store.setFaults([]);
  const { consumerKey, consumerSecret, tokens } = atStore(world)!;
  const verifier = verifierOf(tokens) ?? '';
  const post = { consumerKey, consumerSecret, verifier, storeBaseUrl: world.storeUrl };
  world.posts.push(post);
  world.story.push(`store: ${isActive ? 'Reauthorize' : 'Activate'}`);
  return post;
}

/** A POST with the right key and made-up secrets: of another host, or of the store's own. */
export function forge(world: World): ReceivedFields {
  const { consumerKey } = world.integration;
  const own = world.posts.at(-1);
  const kind = world.random();
  const storeBaseUrl =
    kind < 0.5 ? world.forger.url : kind < 0.8 ? world.storeUrl : `${world.storeUrl}elsewhere/`;
  const verifier = world.random() < 0.5 && own ? own.verifier : randomNonce();
  return { consumerKey, consumerSecret: randomNonce(), verifier, storeBaseUrl };
}
