import { afterAll } from '@jest/globals';
import {
  createSampleStore,
  type SampleStore,
  type SampleStoreOptions,
} from '../../src/sample-store/sample-store.js';

const running: SampleStore[] = [];

/**
 * A sample store on a free port, with its urls, in which nothing happens by chance: the clean-up of old token rows
 * and nonces never comes, unless a test asks for it. Closes itself after the last test of the file that imports this.
 */
export async function startStore(
  options?: SampleStoreOptions,
): Promise<SampleStore & { readonly url: string; readonly adminUrl: string }> {
  const store = createSampleStore({ cleanupProbability: 0, ...options });
  running.push(store);
  return { ...store, ...(await store.listen(0)) };
}

afterAll(async () => {
  await Promise.all(running.splice(0).map((store) => store.close()));
});
