import type { Integration } from '../../src/sample-store/integrations/integrations.js';
import type { SampleStore } from '../../src/sample-store/sample-store.js';
import { merchant, type TestApp } from './start-app.js';

/** An invited merchant's own pair of addresses, without the app's origin. */
export interface OwnAddresses {
  readonly token: string;
  readonly endpoint: string;
  readonly login: string;
}

/** Invites somebody who has an account already, and accepts in their name. */
export async function invite(
  app: TestApp,
  { username }: { readonly username: string } = merchant,
  storeHost?: string,
): Promise<OwnAddresses> {
  const { invitations } = app.deps;
  const said = { account: username, storeHost, createdBy: 'olga' };
  const { invitation, secret } = await invitations.create(said);
  await invitations.accept(secret);
  const { token } = invitation;
  return { token, endpoint: `/endpoint/${token}`, login: `/login/${token}` };
}

/** A new integration in a store with these addresses, not yet activated. */
export function integrationAt(
  app: TestApp,
  store: SampleStore,
  { endpoint, login }: Pick<OwnAddresses, 'endpoint' | 'login'>,
): Integration {
  return store.addIntegration({
    name: 'Demo',
    endpointUrl: `${app.url}${endpoint}`,
    identityUrl: `${app.url}${login}`,
  });
}

/** The addresses of everybody. */
export const common = { endpoint: '/endpoint', login: '/login' };
