import { expect, it } from '@jest/globals';
import { startStore } from '../../support/start-store.js';
import { startCallback } from '../third-party.js';

it('is impossible in 2.4.2, which changes nothing and sends nothing', async () => {
  const callback = await startCallback();
  const store = await startStore({ release: '2.4.2' });
  const { id } = store.addIntegration({
    name: 'Demo',
    endpointUrl: callback.url,
    identityUrl: 'http://third.example/login',
  });
  const before = store.integrations();

  await expect(store.activate(id)).rejects.toThrow('Magento 2.4.2 cannot activate');
  await expect(store.reauthorize(id)).rejects.toThrow('Magento 2.4.2 cannot activate');

  expect(store.integrations()).toEqual(before);
  expect(callback.posts).toEqual([]);
});
