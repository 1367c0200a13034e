import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { createSampleStore } from '../src/sample-store/sample-store.js';

/** What the store's process is asked, one message at a time. */
export type StoreQuestion =
  | { readonly activate: { readonly endpointUrl: string; readonly identityUrl: string } }
  | { readonly takeTime: true };

/** What it answers: where the popup would open, or the time it spent on calls since it was asked last. */
export interface StoreAnswer {
  readonly popupUrl?: string;
  readonly busyMs?: number;
}

const store = createSampleStore();
await store.listen(0);
let busyMs = 0;
const startedAt = new WeakMap<ServerResponse, number>();
subscribe('http.server.request.start', (message) => {
  const { response } = message as { response: ServerResponse };
  startedAt.set(response, performance.now());
});
subscribe('http.server.response.finish', (message) => {
  const now = performance.now();
  busyMs += now - (startedAt.get((message as { response: ServerResponse }).response) ?? now);
});

process.on('message', (question: StoreQuestion) => {
  void answer(question).then((reply) => process.send?.(reply));
});
process.send?.({});

async function answer(question: StoreQuestion): Promise<StoreAnswer> {
  if ('takeTime' in question) {
    const reply = { busyMs };
    busyMs = 0;
    return reply;
  }
  const { id } = store.addIntegration({ name: 'Benchmark', ...question.activate });
  const { popupUrl } = await store.activate(id);
  return { popupUrl };
}
