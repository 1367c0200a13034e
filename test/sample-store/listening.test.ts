import { networkInterfaces } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { createSampleStore } from '../../src/sample-store/sample-store.js';
import { startStore } from '../support/start-store.js';

const loopback = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .map(({ address }) => address)
  .filter((address) => ['127.0.0.1', '::1'].includes(address));

describe('a store that listens', () => {
  it('has an address that ends in one slash', async () => {
    const { url } = await startStore();

    expect(url).toMatch(/^http:\/\/localhost:[1-9]\d*\/$/);
  });

  for (const address of loopback) {
    it(`is there for whoever takes localhost to be ${address}`, async () => {
      const { url } = await startStore();
      const host = address.includes(':') ? `[${address}]` : address;

      const response = await fetch(url.replace('localhost', host));

      expect(response.status).toBe(200);
    });
  }

  it('says so when the port is taken', async () => {
    const { url } = await startStore();

    const second = createSampleStore().listen(Number(new URL(url).port));

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
