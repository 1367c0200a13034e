import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { noticeStore } from '../../src/credentials/notice-store.js';
import { startRedis } from '../support/start-redis.js';

const redis = await startRedis();

const probedAt = new Date('2026-11-24T10:00:00Z');

/** A credential as it was connected twice, with the notices of its app. */
function connectedTwice() {
  const notices = noticeStore(redis.client(), `${randomUUID()}:`);
  const consumerKey = 'k'.repeat(32);
  const former = { consumerKey, connectedAt: new Date('2026-11-01T10:00:00Z') };
  const latter = { consumerKey, connectedAt: new Date('2026-11-02T10:00:00Z') };
  return { notices, former, latter };
}

describe('a notice', () => {
  it('speaks of the credential it was noted for alone', async () => {
    const { notices, former, latter } = connectedTwice();

    await notices.change(former, () => ({ probedAt }));

    expect(await notices.find(former)).toMatchObject({ probedAt });
    expect(await notices.find(latter)).toBeUndefined();
  });

  it('is not overwritten by a verdict on a credential that another has replaced meanwhile', async () => {
    const { notices, former, latter } = connectedTwice();
    await notices.change(former, () => ({ probedAt }));
    await notices.change(latter, () => ({ probedAt }));

    const isNoted = await notices.change(former, () => ({ probedAt: new Date() }));

    expect(isNoted).toBe(false);
    expect(await notices.find(latter)).toMatchObject({ probedAt });
  });
});
