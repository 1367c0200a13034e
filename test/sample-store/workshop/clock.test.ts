import { describe, expect, it } from '@jest/globals';
import { activatedStore } from '../activated-store.js';
import { problemIn, send } from '../third-party.js';

async function started() {
  const { store, requestToken } = await activatedStore();
  const post = (body: string, type = 'application/json') =>
    send({
      storeUrl: store.url,
      target: '/_store/clock',
      headers: { 'Content-Type': type },
      body,
    });
  return { store, requestToken, post };
}

describe("the store's clock", () => {
  it('is the one that everything goes by', async () => {
    const { store, requestToken } = await started();

    store.clock.advance(300);
    const reply = await requestToken();

    expect(problemIn(reply)).toBe('Consumer key has expired');
    expect(reply.headers.date).toBe('Sun, 01 Mar 2026 12:05:00 GMT');
  });

  it('goes on from where it was set', async () => {
    const { store } = await started();

    store.clock.set(new Date('2030-01-01T00:00:00Z'));
    store.clock.advance(0.5);

    expect(store.clock.now()).toEqual(new Date('2030-01-01T00:00:00.500Z'));
  });

  it('behind the third party finds the timestamp wrong', async () => {
    const { store, requestToken } = await started();

    store.clock.advance(-601);

    expect(problemIn(await requestToken())).toBe('An error occurred validating the nonce');
  });
});

describe('POST /_store/clock', () => {
  for (const [what, body, type, now] of [
    ['seconds as JSON', '{"advance":90}', undefined, '2026-03-01T12:01:30.000Z'],
    ['seconds back', '{"advance":-90}', undefined, '2026-03-01T11:58:30.000Z'],
    ['seconds in a form', 'advance=90', 'form', '2026-03-01T12:01:30.000Z'],
    ['a time as JSON', '{"now":"2030-01-01T00:00Z"}', undefined, '2030-01-01T00:00:00.000Z'],
    ['a time in a form', 'now=2030-01-01T02:00:00%2B02:00', 'form', '2030-01-01T00:00:00.000Z'],
  ] as const) {
    it(`takes ${what}`, async () => {
      const { store, post } = await started();

      const reply = await post(body, type && 'application/x-www-form-urlencoded');

      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body)).toEqual({ now });
      expect(store.clock.now().toISOString()).toBe(now);
    });
  }

  for (const body of [
    '',
    '{}',
    '[]',
    '{"advance":"soon"}',
    '{"advance":null}',
    '{"advance":[5]}',
    '{"advance":1e300}',
    '{"now":5}',
    '{"now":"tomorrow"}',
    '{"now":"2030-01-01"}',
    '{"now":"2030-13-01T00:00:00Z"}',
    '{"advance":5,"now":"2030-01-01T00:00:00Z"}',
    '{"advance":',
  ]) {
    it(`refuses ${body || 'nothing'}`, async () => {
      const { store, post } = await started();

      expect(await post(body)).toMatchObject({ status: 400 });
      expect(store.clock.now()).toEqual(new Date('2026-03-01T12:00:00Z'));
    });
  }
});
