import { startProxy } from '../faults/tcp-proxy.js';
import type { SampleStoreOptions } from '../../src/sample-store/sample-store.js';
import { startStore } from './start-store.js';

/** A reply that the store has given and that nobody has received yet. */
export interface HeldReply {
  /** Resolves when the store has done its work and answered. */
  readonly given: Promise<void>;
  /** Lets the reply arrive. */
  letGo(this: void): void;
}

/** A sample store whose replies can be held up on their way. `url` is the address that it announces. */
export async function startHeldStore(options: SampleStoreOptions = {}) {
  let url = '';
  const { url: ownUrl, ...store } = await startStore({ ...options, baseUrl: () => url });
  const proxy = await startProxy(Number(new URL(ownUrl).port));
  url = `http://127.0.0.1:${proxy.port}/`;
  const holds: { path: string; give: () => void; gone: Promise<void> }[] = [];
  proxy.onReply = async (request) => {
    const place = holds.findIndex(({ path }) => request.includes(path));
    const [hold] = place < 0 ? [] : holds.splice(place, 1);
    hold?.give();
    await hold?.gone;
    return 'pass' as const;
  };
  return {
    ...store,
    url,
    /** Holds up the next reply to a call of this path. */
    holdReplyTo(path: string): HeldReply {
      let [give, letGo] = [(): void => undefined, (): void => undefined];
      const given = new Promise<void>((resolve) => (give = resolve));
      const gone = new Promise<void>((resolve) => (letGo = resolve));
      holds.push({ path, give, gone });
      return { given, letGo };
    },
  };
}
