import { describe, expect, it } from '@jest/globals';
import { startApp } from '../support/start-app.js';
import { startRedis } from '../support/start-redis.js';

describe('GET /healthz and GET /readyz', () => {
  it('answer ok while Redis is there', async () => {
    const app = await startApp();

    const health = await app.visitor().get('/healthz');
    const ready = await app.visitor().get('/readyz');

    expect([health.status, health.text]).toEqual([200, 'ok']);
    expect([ready.status, ready.text]).toEqual([200, 'ok']);
  });

  it('tell that the process lives and cannot serve once Redis is gone', async () => {
    const redis = await startRedis();
    const app = await startApp({ redis });
    await redis.stop();

    const health = await app.visitor().get('/healthz');
    const ready = await app.visitor().get('/readyz');

    expect([health.status, health.text]).toEqual([200, 'ok']);
    expect([ready.status, ready.text]).toEqual([503, 'not ready']);
  });
});
