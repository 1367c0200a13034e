import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { limitedCalls } from '../../src/magento/limited-calls.js';
import type { StoreHttp, StoreRequest } from '../../src/magento/store-http.js';

/** A door whose calls are answered when the test says so, and what has gone through it. */
function door() {
  const sent: { readonly url: string; answer(this: void): void; fail(this: void): void }[] = [];
  const http: StoreHttp = {
    send: ({ url }: StoreRequest) =>
      new Promise((resolve, reject) => {
        sent.push({
          url,
          answer: () => {
            resolve({ status: 200, location: undefined, date: undefined, text: url });
          },
          fail: () => {
            reject(new Error('down'));
          },
        });
      }),
    refuseCalls: () => undefined,
    close: () => Promise.resolve(),
  };
  return { http, sent, urls: () => sent.map(({ url }) => url) };
}

const get = (url: string): StoreRequest => ({ method: 'GET', url, headers: {} });

/** Lets everything that is due happen. */
const turn = () => pause(1);

const limits = { inAll: 3, perStore: 2, waiting: 2, patienceMs: 200 };

/** Begins a call of which nobody waits for the end. */
function begin(calls: StoreHttp, url: string): void {
  calls.send(get(url)).catch(() => undefined);
}

describe('limitedCalls', () => {
  it('lets a store have so many calls at once, and another one its own', async () => {
    const { http, urls } = door();
    const calls = limitedCalls(http, limits);

    for (const path of ['1', '2', '3']) begin(calls, `https://slow.example/${path}`);
    begin(calls, 'https://quick.example/1');
    await turn();

    expect(urls()).toEqual([
      'https://slow.example/1',
      'https://slow.example/2',
      'https://quick.example/1',
    ]);
  });

  it('begins what waits in its order when a call ends, well or not, and passes over a store that is full', async () => {
    const { http, sent, urls } = door();
    const calls = limitedCalls(http, { ...limits, waiting: 9 });
    for (const url of ['https://a/1', 'https://a/2', 'https://b/1', 'https://a/3', 'https://c/1'])
      begin(calls, url);
    await turn();

    sent[2]?.answer();
    await turn();
    const afterB = urls().slice(3);
    sent[0]?.fail();
    await turn();

    expect(afterB).toEqual(['https://c/1']);
    expect(urls().slice(4)).toEqual(['https://a/3']);
  });

  it('refuses at once when too many wait', async () => {
    const { http } = door();
    const calls = limitedCalls(http, limits);
    for (let call = 0; call < 4; call += 1) begin(calls, `https://a/${call}`);

    await expect(calls.send(get('https://a/x'))).rejects.toMatchObject({ code: 'store_busy' });
  });

  it('refuses what has waited in vain, without sending it, and forgets it', async () => {
    const { http, sent, urls } = door();
    const calls = limitedCalls(http, { ...limits, patienceMs: 30 });
    for (const path of ['1', '2']) begin(calls, `https://a/${path}`);

    await expect(calls.send(get('https://a/3'))).rejects.toMatchObject({ code: 'store_busy' });
    sent[0]?.answer();
    await turn();
    begin(calls, 'https://a/4');
    await turn();

    expect(urls()).toEqual(['https://a/1', 'https://a/2', 'https://a/4']);
  });
});
