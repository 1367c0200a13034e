import { describe, expect, it } from '@jest/globals';
import { adminOf } from './admin/admin-of.js';
import { activatedStore } from './activated-store.js';
import { problemIn, sendSigned } from './third-party.js';

describe('two stores in one process', () => {
  it('connect each their own integration, and know nothing of the other', async () => {
    const [one, two] = [await activatedStore(), await activatedStore({ shape: 'index.php' })];
    const first = await one.connect();

    const stranger = await sendSigned(
      { storeUrl: two.store.url, target: '/index.php/rest/V1/store/storeConfigs', method: 'GET' },
      first,
      two.clock.now(),
    );

    expect(one.integration().status).toBe('active');
    expect(two.integration().status).toBe('inactive');
    expect(one.integration().consumerKey).not.toBe(two.integration().consumerKey);
    expect([stranger.status, JSON.parse(stranger.body)]).toMatchObject([
      401,
      { message: 'A consumer having the specified key does not exist' },
    ]);
    expect([one.callback.posts.length, two.callback.posts.length]).toEqual([1, 1]);
    expect([one.store.requests.length, two.store.requests.length]).toEqual([2, 1]);
  });

  it('have their own admin sessions, messages and drafts', async () => {
    const [one, two] = [adminOf(), adminOf()];
    const { newUrl } = await one.grid();
    await one.save({ name: 'Demo', identity_link_url: 'third' });

    const { headers } = await two.agent.get(newUrl).expect(302);
    const { text } = await two.newForm();

    expect(headers['location']).toMatch('/dashboard/');
    expect(text).not.toMatch('value="third"');
    expect(text).not.toMatch('Invalid Identity Link URL');
  });

  it('have their own clocks and faults', async () => {
    const fault = { at: 'request', do: 'status-503' } as const;
    const [one, two] = [await activatedStore({ faults: [fault] }), await activatedStore()];
    two.clock.forward(301);

    const replies = [await one.requestToken(), await two.requestToken()];

    expect(replies.map(({ status }) => status)).toEqual([503, 401]);
    expect(problemIn(replies[1]!)).toBe('Consumer key has expired');
  });
});
