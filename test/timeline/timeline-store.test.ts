import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/log.js';
import { randomNonce } from '../../src/magento/nonce.js';
import { supportCode } from '../../src/timeline/support-code.js';
import { timelineStore } from '../../src/timeline/timeline-store.js';
import type { Happening } from '../../src/timeline/timeline-event.js';
import { fakeClock } from '../support/fake-clock.js';
import { startRedis } from '../support/start-redis.js';
import { twins } from '../support/twins.js';

const server = await startRedis();
const redis = server.client();
const account = 'mia@merchant.example';
const opened: Happening = {
  ...{ kind: 'popup_opened', returnHost: 'admin.example' },
  stores: ['shop.example'],
};
const unknown: Happening = { kind: 'failed', code: 'activation_unknown' };
const signedIn: Happening = { kind: 'signed_in', account };
const refused: Happening = { kind: 'failed', code: 'account_not_allowed', account };
const dayMs = 24 * 3600 * 1000;

/** A timeline of its own, and what it has logged. */
function newTimeline(client = redis) {
  const prefix = `test-${randomBytes(6).toString('hex')}:`;
  const clock = fakeClock();
  const lines: string[] = [];
  const log = createLog('trace', { write: (line) => void lines.push(line) });
  const timeline = timelineStore(client, prefix, { now: clock.now, log });
  const lifeOf = (consumerKey: string) => client.pttl(`${prefix}events:{${consumerKey}}`);
  return { timeline, clock, prefix, lines, lifeOf };
}

describe('a timeline', () => {
  it('holds what happened, newest first, with the time by our clock', async () => {
    const { timeline, clock } = newTimeline();
    const consumerKey = randomNonce();
    const happenings: Happening[] = [
      opened,
      { kind: 'failed', code: 'wrong_password', returnHost: 'admin.example' },
      { kind: 'code_asked', account },
      signedIn,
      { kind: 'question_asked', account },
      { kind: 'connected', account, store: 'shop.example' },
      { kind: 'returned', account, returnHost: 'admin.example' },
      { kind: 'disconnected' },
    ];

    for (const happening of happenings) {
      timeline.note(consumerKey, happening);
      clock.advance(1);
    }

    const events = await timeline.of(consumerKey);
    expect(events.map(({ at, ...event }) => [at.toISOString().slice(17, 19), event])).toEqual(
      happenings.map((happening, second) => [`0${second}`, happening]).toReversed(),
    );
    expect(await timeline.of(randomNonce())).toEqual([]);
  });

  it('keeps the last fifty events, and no host longer than a host can be', async () => {
    const { timeline } = newTimeline();
    const consumerKey = randomNonce();
    const long = 'x'.repeat(2_000);

    for (let number = 0; number < 60; number += 1) {
      timeline.note(consumerKey, { ...signedIn, account: `account-${number}` });
    }
    timeline.note(consumerKey, { kind: 'popup_opened', returnHost: long, stores: [long] });

    const events = await timeline.of(consumerKey);
    expect(events).toHaveLength(50);
    expect(events[0]).toMatchObject({ returnHost: 'x'.repeat(253), stores: ['x'.repeat(253)] });
    expect(events[1]).toMatchObject({ account: 'account-59' });
    expect(events[49]).toMatchObject({ account: 'account-11' });
  });

  it('tells nothing that is older than 30 days, whatever Redis has', async () => {
    const { timeline, clock } = newTimeline();
    const consumerKey = randomNonce();
    timeline.note(consumerKey, opened);
    clock.advance(15 * 24 * 3600);
    timeline.note(consumerKey, signedIn);

    clock.advance(15 * 24 * 3600 + 1);

    expect(await timeline.of(consumerKey)).toMatchObject([signedIn]);
    clock.advance(15 * 24 * 3600);
    expect(await timeline.recent(10)).toEqual([]);
    expect(await timeline.withCode(supportCode(consumerKey))).toEqual([]);
  });

  it('is kept for a day where no store has announced the key, for 30 once one has', async () => {
    const { timeline, lifeOf } = newTimeline();
    const consumerKey = randomNonce();

    timeline.note(consumerKey, unknown);
    const day = await lifeOf(consumerKey);
    timeline.note(consumerKey, opened);
    timeline.note(consumerKey, unknown);
    const month = await lifeOf(consumerKey);

    expect(day).toBeGreaterThan(dayMs - 60_000);
    expect(day).toBeLessThanOrEqual(dayMs);
    expect(month).toBeGreaterThan(30 * dayMs - 60_000);
  });

  it('leaves out what cannot be read, and reads a code that is no longer known', async () => {
    const { timeline, prefix } = newTimeline();
    const consumerKey = randomNonce();
    const at = fakeClock().now();
    const broken = [
      'not json',
      '{}',
      JSON.stringify({ kind: 'signed_in', account }),
      JSON.stringify({ kind: 'danced', at }),
    ];
    for (const text of broken) await redis.xadd(`${prefix}events:{${consumerKey}}`, '*', 'e', text);
    const old = JSON.stringify({ kind: 'failed', code: 'gone_by_now', at });
    await redis.xadd(`${prefix}events:{${consumerKey}}`, '*', 'event', old);

    expect(await timeline.of(consumerKey)).toEqual([{ kind: 'failed', code: 'unexpected', at }]);
  });
});

describe('a support code', () => {
  it('finds the attempt, however it is typed, and nothing else does', async () => {
    const { timeline } = newTimeline();
    const [consumerKey, other] = [randomNonce(), randomNonce()];
    timeline.note(consumerKey, opened);
    timeline.note(other, opened);
    const code = supportCode(consumerKey);

    for (const typed of [code, code.toLowerCase(), ` ${code.slice(4, 7)} ${code.slice(7)} `]) {
      const found = await timeline.withCode(typed);

      expect(found.map((attempt) => attempt.consumerKey)).toEqual([consumerKey]);
      expect(found[0]?.events).toMatchObject([opened]);
    }
    for (const typed of ['', 'ACT', code.slice(0, 9), `${code}2`, consumerKey, '*']) {
      expect(await timeline.withCode(typed)).toEqual([]);
    }
  });

  it('that two integrations share finds both, the one with the latest news first', async () => {
    const { timeline, clock } = newTimeline();
    const [one, other] = twins();
    for (const consumerKey of [one, other, one]) {
      timeline.note(consumerKey, opened);
      clock.advance(1);
    }

    const found = await timeline.withCode(supportCode(one));

    expect(found.map(({ consumerKey }) => consumerKey)).toEqual([one, other]);
  }, 30_000);
});

describe('the recent attempts', () => {
  it('are those of strangers and of accounts in one order, each once, no more than asked for', async () => {
    const { timeline, clock } = newTimeline();
    const keys = { stranger: randomNonce(), known: randomNonce(), both: randomNonce() };
    for (const [who, event] of [
      ['both', signedIn],
      ['known', signedIn],
      ['stranger', opened],
      ['both', opened],
    ] as const) {
      timeline.note(keys[who], event);
      clock.advance(1);
    }

    const recent = await timeline.recent(10);

    expect(recent.map(({ consumerKey }) => consumerKey)).toEqual([
      keys.both,
      keys.stranger,
      keys.known,
    ]);
    expect(recent[0]?.events).toMatchObject([opened, signedIn]);
    const [newest, ...others] = await timeline.recent(1);
    expect([newest?.consumerKey, others]).toEqual([keys.both, []]);
  });
});

describe('an account that was refused', () => {
  it('is remembered by the integration, since a moment', async () => {
    const { timeline, clock } = newTimeline();
    const [consumerKey, other] = [randomNonce(), randomNonce()];
    timeline.note(consumerKey, refused);
    timeline.note(other, { kind: 'failed', code: 'account_not_allowed' });
    timeline.note(other, { kind: 'failed', code: 'store_timeout', account });
    const at = clock.now();
    clock.advance(60);

    expect(await timeline.refusedSince(at)).toEqual(new Map([[consumerKey, at]]));
    expect(await timeline.refusedSince(clock.now())).toEqual(new Map());
  });
});

describe('visitors who make up keys', () => {
  it('leave a thousand timelines at the most, and none that an account has part in goes for them', async () => {
    const { timeline, prefix, clock } = newTimeline();
    const [known, waiting, late] = [randomNonce(), randomNonce(), randomNonce()];
    timeline.note(known, opened);
    timeline.note(known, signedIn);
    timeline.note(known, opened);
    timeline.note(waiting, opened);
    for (let number = 0; number < 1_200; number += 1) {
      clock.advance(1);
      timeline.note(randomNonce(), unknown);
    }
    clock.advance(1);
    timeline.note(late, opened);
    while ((await redis.zcard(`${prefix}attempts:strangers`)) > 1_000);

    const keysOf = async (kind: string) => (await redis.keys(`${prefix}${kind}:*`)).length;

    expect(await keysOf('events')).toBe(1_001);
    expect(await keysOf('support-code')).toBe(1_001);
    expect(await timeline.of(waiting)).toEqual([]);
    expect(await timeline.of(known)).toMatchObject([opened, signedIn, opened]);
    expect(await timeline.of(late)).toMatchObject([opened]);
    const keys = await redis.keys(`${prefix}*`);
    for (const key of keys) expect([key, (await redis.pttl(key)) > 0]).toEqual([key, true]);
  }, 30_000);

  it('who share a code leave no more than ten keys under it', async () => {
    const { timeline, prefix } = newTimeline();
    const consumerKey = randomNonce();
    const code = `${prefix}support-code:${supportCode(consumerKey)}`;
    for (let number = 0; number < 30; number += 1) await redis.zadd(code, number, `key-${number}`);

    timeline.note(consumerKey, opened);

    expect(await redis.zcard(code)).toBe(10);
    expect(await redis.zrange(code, '-1', '-1')).toEqual([consumerKey]);
  });
});

describe('a Redis that does not take an event', () => {
  it('is told to the log, without the key, and nobody else', async () => {
    const lost = server.client({ lazyConnect: true, enableOfflineQueue: false });
    const { timeline, lines } = newTimeline(lost);
    const consumerKey = randomNonce();

    timeline.note(consumerKey, opened);

    while (lines.length === 0) await new Promise(setImmediate);
    expect(lines.join('')).toContain('"event":"timeline_not_written"');
    expect(lines.join('')).toContain(supportCode(consumerKey));
    expect(lines.join('')).not.toContain(consumerKey);
    await expect(timeline.of(consumerKey)).rejects.toThrow();
  });
});
