import { createSampleStore, type SampleStore } from '../sample-store/sample-store.js';
import { serve, type RunningApp } from './serve.js';

/** The people of the demo. They exist in its own data folder and nowhere else. */
export const demoMerchant = { name: 'demo', password: 'demo-merchant' };
export const demoOperator = { name: 'operator', password: 'demo-operator' };

export interface Demo {
  readonly app: RunningApp;
  readonly store: SampleStore;
  /** The store's own address, with one slash at the end. */
  readonly storeUrl: string;
  close(): Promise<void>;
}

/** Starts the app on embedded defaults and a sample store whose form is filled in for it. Port 0 is a free one. */
export async function startDemo(
  env: NodeJS.ProcessEnv,
  ports: { readonly app: number; readonly store: number },
): Promise<Demo> {
  const { REDIS_URL, SESSION_SECRETS, ENCRYPTION_KEYS, PUBLIC_URL, STORE_HOSTS, ...kept } = env;
  const app = await serve({
    ...kept,
    PORT: String(ports.app),
    ALLOW_HTTP_STORES: 'true',
    ALLOW_PRIVATE_STORES: 'true',
  });
  const { publicUrl, accounts } = app.deps;
  const store = createSampleStore({
    prefill: { endpointUrl: `${publicUrl}/endpoint`, identityUrl: `${publicUrl}/login` },
  });
  const close = async () => {
    await store.close();
    await app.close();
  };
  try {
    await accounts.add(demoMerchant.name, 'merchant', demoMerchant.password);
    await accounts.add(demoOperator.name, 'operator', demoOperator.password);
    return { app, store, storeUrl: (await store.listen(ports.store)).url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
