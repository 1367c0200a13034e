import type { SampleStoreOptions } from '../../src/sample-store/sample-store.js';
import { startStore } from '../support/start-store.js';
import {
  type Call,
  type Credentials,
  fakeClock,
  type Reply,
  sendSigned,
  startCallback,
  tokenIn,
} from './third-party.js';

/** A store whose one integration has been activated: its verifier was POSTed, nothing more. */
export async function activatedStore({
  resources,
  ...options
}: Omit<SampleStoreOptions, 'now'> & { resources?: readonly string[] } = {}) {
  const clock = fakeClock();
  const callback = await startCallback();
  const store = await startStore({ ...options, now: clock.now });
  const { id } = store.addIntegration({
    name: 'Demo',
    endpointUrl: callback.url,
    identityUrl: 'http://third.example/login',
    ...(resources && { resources }),
  });
  await store.activate(id);

  const integration = () => store.integrations().find((candidate) => candidate.id === id)!;

  function credentials(): Credentials & { readonly verifier: string } {
    const { consumerKey, consumerSecret } = integration();
    const last = callback.posts.at(-1)!;
    const verifier = new URLSearchParams(last.body).get('oauth_verifier') ?? '';
    return { consumerKey, consumerSecret, verifier };
  }

  function requestToken(): Promise<Reply> {
    const { consumerKey, consumerSecret } = credentials();
    const call = { storeUrl: store.url, target: '/oauth/token/request' };
    return sendSigned(call, { consumerKey, consumerSecret }, clock.now());
  }

  function accessToken(
    token: { token: string; tokenSecret: string },
    verifier?: string,
  ): Promise<Reply> {
    const signer = { ...credentials(), ...token, ...(verifier !== undefined && { verifier }) };
    return sendSigned({ storeUrl: store.url, target: '/oauth/token/access' }, signer, clock.now());
  }

  /** The whole exchange, to credentials for REST calls. */
  async function connect(): Promise<Credentials> {
    const { consumerKey, consumerSecret } = credentials();
    const access = await accessToken(tokenIn(await requestToken()));
    return { consumerKey, consumerSecret, ...tokenIn(access) };
  }

  function rest(
    target: string,
    signer: Credentials,
    more: Pick<Call, 'method' | 'headers' | 'body'> = {},
  ): Promise<Reply> {
    return sendSigned({ storeUrl: store.url, target, method: 'GET', ...more }, signer, clock.now());
  }

  return {
    store,
    id,
    clock,
    callback,
    integration,
    credentials,
    requestToken,
    accessToken,
    connect,
    rest,
  };
}
